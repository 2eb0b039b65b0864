import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deriveClientSettings, renderClientSettings } from "../../src/documents/client-settings.ts";
import { bundleWorker } from "../responder/bundle-worker.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { MINIMAL_KV_WORKER, MINIMAL_TEMPLATE, MINIMAL_WORKER } from "./responder-minimal.ts";
import { benchDomain } from "./bench-domain.ts";
import { writeWorkerdConfig } from "./responder-workerd.ts";

export interface Contender {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly domains: number;
  readonly startMs: number;
  stop(): Promise<void>;
}

/** Returns a contender that answers, or the reason why there is none. */
export type StartContender = (folder: string, port: number) => Promise<Contender | string>;

const START_LIMIT_MS = 15_000;

/** All contenders, in the order of the table. */
export const CONTENDERS: readonly StartContender[] = [
  (folder, port) => startServe(folder, port, 1),
  (folder, port) => startServe(folder, port, 1000),
  (_, port) => startBare(port),
  (_, port) => startBare(port, 1000),
  (_, port) =>
    start("serve's handler behind @hono/node-server", port, process.execPath, [
      here("responder-hono.ts"),
      String(port),
    ]),
  (folder, port) => startWorkerd(folder, port, 1),
  (folder, port) => startWorkerd(folder, port, 1000),
  (folder, port) => startMinimalWorker(folder, port),
  (folder, port) => startMinimalKvWorker(folder, port, 1000),
  startNginx,
  startAutomx2,
];

async function startServe(folder: string, port: number, domains: number): Promise<Contender> {
  for (let index = 0; index < domains; index += 1) {
    const domain = benchDomain(index);
    await writeFile(
      join(folder, `${domain}.yaml`),
      `domain: ${domain}\nmailServer: { host: mail.${domain} }\n`,
    );
  }
  const argv = ["serve", "--domains", folder, "--listen", `127.0.0.1:${port}`];
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  return start(
    `serve, ${domains} ${domains === 1 ? "domain" : "domains"}`,
    port,
    process.execPath,
    [main, ...argv],
    domains,
  );
}

async function startBare(port: number, domains?: number): Promise<Contender> {
  const argv = [here("responder-bare.ts"), String(port), ...(domains === undefined ? [] : [String(domains)])];
  const name = domains === undefined ? "bare node:http" : `bare node:http, ${domains} domains`;
  return start(name, port, process.execPath, argv, domains);
}

async function startWorkerd(folder: string, port: number, domains: number): Promise<Contender> {
  const entries = Object.fromEntries(
    Array.from({ length: domains }, (_, index) => {
      const domain = benchDomain(index);
      const spec = sampleDomain({ domain, mailServer: { host: `mail.${domain}` } });
      return [domain, renderClientSettings(deriveClientSettings(spec))];
    }),
  );
  const file = await writeWorkerdConfig(folder, port, await bundleWorker(), entries);
  return start(`the Worker in workerd, ${domains} in KV`, port, workerd(), ["serve", file], domains);
}

async function startMinimalWorker(folder: string, port: number): Promise<Contender> {
  const file = await writeWorkerdConfig(folder, port, MINIMAL_WORKER, {});
  return start("minimal Worker in workerd", port, workerd(), ["serve", file]);
}

async function startMinimalKvWorker(folder: string, port: number, domains: number): Promise<Contender> {
  const names = Array.from({ length: domains }, (_, index) => benchDomain(index));
  const entries = Object.fromEntries(names.map((name) => [name, name]));
  const file = await writeWorkerdConfig(folder, port, MINIMAL_KV_WORKER, entries);
  return start(`minimal Worker in workerd, ${domains} in KV`, port, workerd(), ["serve", file], domains);
}

async function startNginx(folder: string, port: number): Promise<Contender | string> {
  if (spawnSync("nginx", ["-v"]).error !== undefined) return "nginx is not installed";
  const document = MINIMAL_TEMPLATE.replaceAll("DOMAIN", benchDomain(0));
  await mkdir(join(folder, "mail"));
  await writeFile(join(folder, "mail/config-v1.1.xml"), document);
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log; user root;
events { worker_connections 256; }
http { access_log off; keepalive_requests 1000000000; types { text/xml xml; }
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; root ${folder};
    location = /autodiscover/autodiscover.xml { default_type text/xml; return 200 '${document}'; } } }
`,
  );
  return start("nginx, static file / return", port, "nginx", [
    "-c",
    join(folder, "nginx.conf"),
    "-p",
    folder,
  ]);
}

/** `AUTOMX2_BIN` is the `bin` folder of a Python environment with automx2 and gunicorn. */
async function startAutomx2(folder: string, port: number): Promise<Contender | string> {
  const bin = process.env["AUTOMX2_BIN"];
  if (bin === undefined) return "automx2: AUTOMX2_BIN names no Python environment with automx2 and gunicorn";
  const configuration = join(folder, "automx2.conf");
  await writeFile(
    configuration,
    `[automx2]\nloglevel = ERROR\ndb_echo = no\ndb_uri = sqlite:///${folder}/db.sqlite\nproxy_count = 0\n`,
  );
  const address = `127.0.0.1:${port}`;
  // Its default workers keep no connection open.
  const workers = ["-w", "2", "-k", "gthread", "--threads", "8", "--keep-alive", "60"];
  const argv = ["-b", address, ...workers, "--log-level", "error", "automx2.server:app"];
  const made = await start("automx2, gunicorn, 2 workers", port, join(bin, "gunicorn"), argv, 1, {
    AUTOMX2_CONF: configuration,
    RUNNING_IN_CI: "0",
  });
  await fetch(`http://127.0.0.1:${port}/initdb/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      version: 2,
      provider: "Example",
      domains: [{ name: benchDomain(0) }],
      servers: [
        { name: `mail.${benchDomain(0)}`, type: "imap" },
        { name: `mail.${benchDomain(0)}`, type: "smtp" },
      ],
    }),
  });
  return made;
}

async function start(
  name: string,
  port: number,
  command: string,
  argv: readonly string[],
  domains = 1,
  environment: Readonly<Record<string, string>> = {},
): Promise<Contender> {
  const started = performance.now();
  const child = spawn(command, argv, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...environment },
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  await untilListening(name, port, child, () => errors);
  return {
    name,
    port,
    domains,
    pid: child.pid ?? 0,
    startMs: performance.now() - started,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function untilListening(
  name: string,
  port: number,
  child: ChildProcess,
  errors: () => string,
): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill();
      throw new Error(`${name} does not start: ${errors()}`);
    }
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function workerd(): string {
  return fileURLToPath(new URL("../../node_modules/workerd/bin/workerd", import.meta.url));
}
