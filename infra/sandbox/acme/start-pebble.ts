import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import { ensureApiCertificate } from "./api-certificate.ts";
import { pebbleConfig, pebbleEnvironment, type PebbleOptions } from "./pebble-options.ts";

export type { PebbleOptions, PebbleProfile } from "./pebble-options.ts";

/** Ready in 21 to 98 ms on an idle machine; a loaded one gets more. */
const READY_TIMEOUT_MS = 20_000;

export interface AcmeRequestCounts {
  readonly total: number;
  readonly orders: number;
}

export interface RunningPebble {
  readonly directoryUrl: string;
  readonly managementUrl: string;
  /** Trust it for requests to both addresses. */
  readonly tlsCaFile: string;
  /** Every root that a Pebble of this state folder ever issued from: it makes a new one at each start. */
  readonly rootsFile: string;
  /** The root of this run. */
  rootPem(): Promise<string>;
  /** What the process wrote so far; for failures. */
  output(): string;
  /** Requests that clients sent since it was ready. */
  requests(): AcmeRequestCounts;
  close(): Promise<void>;
}

/**
 * Starts Pebble and returns once it answers. It is killed when this process exits.
 *
 * @throws MailAutodiscoverError `port-taken` or `internal`, with the last lines that Pebble wrote
 */
export async function startPebble(options: PebbleOptions): Promise<RunningPebble> {
  for (let left = PORT_TRIES; ; left -= 1) {
    try {
      return await start(options);
    } catch (error) {
      // A free port is only known until somebody else takes it.
      const isRace = error instanceof MailAutodiscoverError && error.code === "port-taken" && !options.port;
      if (!isRace || left === 1) throw error;
    }
  }
}

const PORT_TRIES = 3;

async function start(options: PebbleOptions): Promise<RunningPebble> {
  const host = options.host ?? "127.0.0.1";
  const { stateDir } = options;
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const tls = await ensureApiCertificate(stateDir, host, options.names);
  const port = options.port || (await freePort(host));
  const managementPort = options.managementPort || (await freePort(host));
  const configFile = join(stateDir, "pebble.json");
  const config = pebbleConfig(options, {
    listen: address(host, port),
    management: address(host, managementPort),
    tls,
  });
  await writeFile(configFile, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });

  const pebble = launch(options, configFile);
  const ca = await readFile(tls.caFile, "utf8");
  const managementUrl = `https://${address(host, managementPort)}`;
  const rootsFile = join(stateDir, "roots.pem");
  try {
    const root = await untilReady(pebble, () => fetchText(`${managementUrl}/roots/0`, ca));
    const directoryUrl = `https://${address(host, port)}/dir`;
    await untilReady(pebble, () => fetchText(directoryUrl, ca));
    await keepRoot(rootsFile, root);
    // Pebble logs a request before it answers, so those above are counted by now.
    const before = { ...pebble.requests };
    return {
      directoryUrl,
      managementUrl,
      tlsCaFile: tls.caFile,
      rootsFile,
      rootPem: () => Promise.resolve(root),
      output: () => pebble.output.join(""),
      requests: () => ({
        total: pebble.requests.total - before.total,
        orders: pebble.requests.orders - before.orders,
      }),
      close: () => stop(pebble.child),
    };
  } catch (error) {
    await stop(pebble.child);
    throw error;
  }
}

interface PebbleProcess {
  readonly child: ChildProcess;
  readonly output: string[];
  readonly requests: { total: number; orders: number };
}

/** Pebble's own line for each request: `POST /order-plz -> calling handler()`. */
const REQUEST_LINE = /(?:GET|HEAD|POST) \S+ -> calling handler\(\)/;

/** Its line for each order that it took: a request that met a refused nonce and was sent again is one order. */
const ORDER_LINE = /Added order "/;

function launch(options: PebbleOptions, configFile: string): PebbleProcess {
  const strict = options.strict === false ? [] : ["-strict"];
  const child = spawn(
    options.pebblePath,
    [...strict, "-config", configFile, "-dnsserver", options.dnsServer],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", ...pebbleEnvironment(options) },
    },
  );
  const output: string[] = [];
  const keep = (chunk: Buffer): void => {
    output.push(chunk.toString());
    if (output.length > 2000) output.splice(0, 1000);
  };
  const requests = { total: 0, orders: 0 };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    stream.on("data", keep);
    createInterface({ input: stream }).on("line", (line) => {
      if (REQUEST_LINE.test(line)) requests.total += 1;
      if (ORDER_LINE.test(line)) requests.orders += 1;
    });
  }
  child.on("error", (error) => output.push(error.message));
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("close", () => process.off("exit", kill));
  return { child, output, requests };
}

async function untilReady(pebble: PebbleProcess, ask: () => Promise<string>): Promise<string> {
  const end = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (pebble.child.exitCode !== null || pebble.child.pid === undefined)
      throw notStarted(pebble, "it ended");
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw notStarted(pebble, String(error));
    }
    await sleep(20);
  }
}

function notStarted({ output }: PebbleProcess, reason: string): MailAutodiscoverError {
  const said = output.join("").trim().split("\n").slice(-3).join(" | ");
  const isTaken = said.includes("address already in use");
  return new MailAutodiscoverError(
    isTaken ? "port-taken" : "internal",
    `Pebble did not start: ${reason}: ${said}`,
    {
      remedy: isTaken
        ? "Choose other ports, or stop what listens there."
        : "Run Pebble by hand with the configuration in the state folder.",
    },
  );
}

async function keepRoot(rootsFile: string, root: string): Promise<void> {
  const former = await readFile(rootsFile, "utf8").catch(() => "");
  if (!former.includes(root.trim())) await writeFile(rootsFile, `${former}${root.trim()}\n`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
}

async function fetchText(url: string, ca: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Pebble refuses requests without a user agent (RFC 8555 §6.1).
  const headers = { "user-agent": "pulumi-mail-autodiscover-sandbox" };
  const request = get(url, { ca, headers, agent: false, timeout: 2000 }, (response) => {
    text(response).then((body) => {
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`HTTP status ${response.statusCode}`));
    }, reject);
  });
  request.on("error", reject);
  request.on("timeout", () => request.destroy(new Error("time-out")));
  return await promise;
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function address(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
