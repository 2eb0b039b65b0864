import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { Agent, request as httpsRequest } from "node:https";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import { openAuthority, type Authority } from "../../../infra/sandbox/authority/open-authority.ts";
import { deployToFolder } from "../../../src/adapters/folders/certificate-folder.ts";
import { serveDomains, type RunningServe } from "../../../src/cli/serve/serve-domains.ts";
import type { ReplayedAnswer } from "../../responder/expect-answer.ts";
import { REPLAY_FILE } from "../../responder/replay-domain.ts";

const ANY_PORT = { host: "127.0.0.1", port: 0 };
export const CLOSE = { connection: "close" };

/** Made anew for each file of tests, its domains and certificates for each test. */
export let folder: string;
export let authority: Authority;
/** What the server reported in this test. */
export let lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "serve-"));
  authority = await openAuthority(join(folder, "authority"));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  lines = [];
  for (const name of ["domains", "certificates"]) {
    await rm(join(folder, name), { recursive: true, force: true });
    await mkdir(join(folder, name));
  }
  await writeFile(join(folder, "domains/example.com.yaml"), REPLAY_FILE);
  await putCertificate("", ["example.com", "*.example.com"]);
});

export async function putCertificate(name: string, names: readonly string[]): Promise<void> {
  const { certPem, keyPem } = await authority.issue(names);
  const path = join(folder, "certificates", name);
  await deployToFolder({ path, fullChainPem: certPem, privateKeyPem: keyPem });
}

export async function start(): Promise<RunningServe> {
  const running = await serveDomains(
    {
      domains: join(folder, "domains"),
      certificate: join(folder, "certificates"),
      listen: ANY_PORT,
      http: ANY_PORT,
      metrics: ANY_PORT,
      health: "/healthz",
    },
    (line) => lines.push(line),
  );
  onTestFinished(() => running.stop());
  return running;
}

export function portOf(running: RunningServe, index: number): number {
  return Number(new URL(running.urls[index] ?? "").port);
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isAbsoluteForm?: boolean;
  readonly agent?: Agent;
}

export async function send(running: RunningServe, target: string, sent: Sent = {}): Promise<ReplayedAnswer> {
  const url = new URL(target);
  const isHttps = url.protocol === "https:";
  const options = {
    host: "127.0.0.1",
    port: portOf(running, isHttps ? 0 : 1),
    method: sent.method ?? "GET",
    path: sent.isAbsoluteForm === true ? target : url.pathname + url.search,
    headers: { host: url.host, ...CLOSE, ...sent.headers },
    servername: url.hostname,
    ca: authority.rootPem,
    agent: sent.agent ?? false,
  };
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = isHttps ? httpsRequest(options, resolve) : httpRequest(options, resolve);
    request.once("error", reject).end(sent.body);
  });
  const { headers, statusCode = 0 } = message;
  const body = await text(message);
  return { status: statusCode, body, header: (name) => headers[name] as string | undefined };
}

export async function serialAt(running: RunningServe, servername: string): Promise<string> {
  const socket = await openTls(running, servername);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

export async function openTls(running: RunningServe, servername: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: "127.0.0.1",
      port: portOf(running, 0),
      servername,
      rejectUnauthorized: false,
    });
    socket.once("secureConnect", () => resolve(socket)).once("error", reject);
  });
}

export const AUTOCONFIG = "https://autoconfig.example.com/mail/config-v1.1.xml";
