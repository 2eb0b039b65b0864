import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { Agent, request as httpsRequest } from "node:https";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openAuthority, type Authority } from "../../infra/sandbox/authority/open-authority.ts";
import { deployToFolder } from "../../src/adapters/certificate-folder.ts";
import { serveDomains, type RunningServe } from "../../src/cli/serve-domains.ts";
import { CLIENT_REQUESTS, type ClientRequest } from "../responder/client-requests.ts";
import { expectAnswer, type ReplayedAnswer } from "../responder/expect-answer.ts";
import { poxRequest } from "../responder/memory-responder.ts";
import { REPLAY_FILE } from "../responder/replay-domain.ts";

const ANY_PORT = { host: "127.0.0.1", port: 0 };
const CLOSE = { connection: "close" };

let folder: string;
let authority: Authority;
let lines: string[] = [];

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

async function putCertificate(name: string, names: readonly string[]): Promise<void> {
  const { certPem, keyPem } = await authority.issue(names);
  const path = join(folder, "certificates", name);
  await deployToFolder({ path, fullChainPem: certPem, privateKeyPem: keyPem });
}

async function start(): Promise<RunningServe> {
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

function portOf(running: RunningServe, index: number): number {
  return Number(new URL(running.urls[index] ?? "").port);
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isAbsoluteForm?: boolean;
  readonly agent?: Agent;
}

async function send(running: RunningServe, target: string, sent: Sent = {}): Promise<ReplayedAnswer> {
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

async function serialAt(running: RunningServe, servername: string): Promise<string> {
  const socket = await openTls(running, servername);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

async function openTls(running: RunningServe, servername: string): Promise<TLSSocket> {
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

const AUTOCONFIG = "https://autoconfig.example.com/mail/config-v1.1.xml";

describe("every client's requests, over TLS and plain HTTP", () => {
  test("are answered as the table says", async () => {
    const running = await start();
    for (const request of CLIENT_REQUESTS) {
      expectAnswer(await send(running, request.url, request satisfies ClientRequest), request);
    }
    expect(lines).toEqual([]);
  });
});

describe("certificates", () => {
  test("are chosen by the names in them, the folder's own for all others", async () => {
    await putCertificate("net", ["example.net", "*.example.net"]);
    const running = await start();
    const [own, net] = [
      await serialAt(running, "autoconfig.example.com"),
      await serialAt(running, "example.net"),
    ];
    expect(net).not.toBe(own);
    expect(await serialAt(running, "autoconfig.example.net")).toBe(net);
    expect(await serialAt(running, "a.b.example.net")).toBe(own);
    expect(await serialAt(running, "unknown.example")).toBe(own);
  });

  test("are exchanged when their files change, by themselves, and an open connection goes on", async () => {
    const running = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const keepAlive = { connection: "keep-alive" };
    const socket = await openTls(running, "example.com");
    const former = socket.getPeerCertificate().serialNumber;
    expect((await send(running, AUTOCONFIG, { agent, headers: keepAlive })).status).toBe(200);
    await putCertificate("", ["example.com", "*.example.com"]);
    await expect.poll(() => serialAt(running, "example.com"), { timeout: 10_000 }).not.toBe(former);
    socket.write(`GET /healthz HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK/);
    expect((await send(running, AUTOCONFIG, { agent, headers: keepAlive })).status).toBe(200);
  });

  test("that do not belong to their key are reported, and the former stays in use", async () => {
    const running = await start();
    const former = await serialAt(running, "example.com");
    const { certPem } = await authority.issue(["example.com"]);
    await rm(join(folder, "certificates/fullchain.pem"));
    await writeFile(join(folder, "certificates/fullchain.pem"), certPem);
    await running.reload();
    expect(lines.join("\n")).toMatch(/the former certificate stays in use/);
    expect(await serialAt(running, "example.com")).toBe(former);
  });

  test("that are missing at the start are an error that says what to do", async () => {
    await rm(join(folder, "certificates"), { recursive: true });
    await mkdir(join(folder, "certificates"));
    await expect(start()).rejects.toMatchObject({ code: "certificate-mismatch" });
  });
});

describe("domain files", () => {
  const path = (name: string): string => join(folder, "domains", name);

  test("are read when they come, change and go, by themselves", async () => {
    await putCertificate("net", ["autoconfig.example.net"]);
    const running = await start();
    const url = "https://autoconfig.example.net/mail/config-v1.1.xml";
    const status = async (): Promise<number> => (await send(running, url)).status;
    expect(await status()).toBe(404);
    await writeFile(
      path("example.net.yaml"),
      "domain: example.net\nmailServer: { host: mail.example.net }\n",
    );
    await expect.poll(status, { timeout: 10_000 }).toBe(200);
    await rm(path("example.net.yaml"));
    await expect.poll(status, { timeout: 10_000 }).toBe(404);
  });

  test("that are refused keep their former content and are reported, once", async () => {
    const running = await start();
    await writeFile(path("example.com.yaml"), "domain: example.com\nmailServer: { host: 7 }\n");
    await running.reload();
    await running.reload();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/example\.com\.yaml is refused, its former content stays in use/);
    expect((await send(running, AUTOCONFIG)).body).toContain("mail.example.com");
  });

  test("that are refused at the start take no other domain with them", async () => {
    await writeFile(path("broken.yaml"), ": :");
    const running = await start();
    expect(running.domains).toEqual(["example.com"]);
    expect(lines.join("\n")).toMatch(/broken\.yaml is refused, it is left out/);
  });

  test("a signed profile beside them is served as it is", async () => {
    await writeFile(path("example.com.mobileconfig"), Uint8Array.of(0x30, 0x82, 0xff));
    const running = await start();
    const { status, header } = await send(running, "https://autoconfig.example.com/mobileconfig");
    expect([status, header("content-length")]).toEqual([200, "3"]);
  });
});

describe("a server that is asked too much", () => {
  test("answers a body of more than 8 kB with error 600 and closes", async () => {
    const running = await start();
    const url = "https://autodiscover.example.com/autodiscover/autodiscover.xml";
    const body = poxRequest("alice@example.com") + " ".repeat(9000);
    const answer = await send(running, url, { method: "POST", body, headers: { connection: "keep-alive" } });
    expect(answer.body).toContain("<ErrorCode>600</ErrorCode>");
    expect(answer.header("connection")).toBe("close");
  });

  test("refuses headers beyond 8 kB", async () => {
    const running = await start();
    const answer = await send(running, AUTOCONFIG, { headers: { "x-long": "a".repeat(9000) } });
    expect(answer.status).toBe(431);
  });

  test("refuses a request of two Host headers, and answers one of HTTP/1.0 without any by its address", async () => {
    const running = await start();
    const ask = async (request: string): Promise<string> => {
      const socket = await openTls(running, "example.com");
      socket.write(`${request}\r\nConnection: close\r\n\r\n`);
      return text(socket);
    };
    const path = "/mail/config-v1.1.xml";
    const host = "Host: autoconfig.example.com";
    expect(await ask(`GET ${path} HTTP/1.1\r\n${host}\r\n${host}`)).toMatch(/^HTTP\/1.1 400 /);
    const byAddress = await ask(`GET ${path}?emailaddress=alice%40example.com HTTP/1.0`);
    expect(byAddress).toContain("<domain>example.com</domain>");
    expect(await ask(`GET /autoconfig.example.com${path} HTTP/1.0`)).toMatch(/^HTTP\/1.1 404 /);
  });

  test("does not wait for headers that never end", async () => {
    const running = await start();
    const socket = connectTcp(portOf(running, 1), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: autoconfig.example.com\r\n");
    const started = performance.now();
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

test("metrics are on their own listener and hold no address", async () => {
  const running = await start();
  await send(running, `${AUTOCONFIG}?emailaddress=secret%40example.com`);
  expect((await send(running, "https://example.com/metrics")).status).toBe(404);
  const answer = await fetch(`${running.urls[2]}/metrics`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const body = await answer.text();
  expect(body).toContain('{domain="example.com",document="autoconfig",client="none",status="200"} 1');
  expect(body).not.toContain("secret");
});

test("health is told at its path for any host", async () => {
  const running = await start();
  expect(await send(running, "http://lb.internal.test/healthz")).toMatchObject({
    status: 200,
    body: "ok\n",
  });
});

test("a stop takes no more connections and lets an open request finish", async () => {
  const running = await start();
  const body = poxRequest("alice@example.com");
  const slow = await openTls(running, "autodiscover.example.com");
  slow.write(
    `POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: autodiscover.example.com\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  slow.write(body.slice(0, 50));
  await new Promise((resolve) => setTimeout(resolve, 200));
  let isStopped = false;
  const stopped = running.stop().then(() => (isStopped = true));
  await expect(send(running, AUTOCONFIG)).rejects.toThrow(/ECONNREFUSED/);
  expect(isStopped).toBe(false);
  slow.write(body.slice(50));
  const answer = await text(slow);
  expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
  expect(answer).toMatch(/connection: close/i);
  await stopped;
});

test("a stop waits 10 s at most for a connection that never speaks TLS", async () => {
  const running = await start();
  const silent = connectTcp(portOf(running, 0), "127.0.0.1");
  await once(silent, "connect");
  silent.on("error", () => undefined).resume();
  const started = performance.now();
  await running.stop();
  expect(performance.now() - started).toBeLessThan(12_000);
  await expect.poll(() => silent.closed).toBe(true);
});

test("a client that ends its side behind the request gets the answer", async () => {
  const running = await start();
  const socket = connectTcp({ host: "127.0.0.1", port: portOf(running, 1), allowHalfOpen: true });
  socket.end("GET /mail/config-v1.1.xml HTTP/1.1\r\nHost: autoconfig.example.com\r\n\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1.1 301 /);
});

test("the command says where it serves, and ends with 0 at SIGTERM", async () => {
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  const argv = ["serve", "--domains", join(folder, "domains"), "--listen", "127.0.0.1:0"];
  const child = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await expect.poll(() => said, { timeout: 20_000 }).toMatch(/^serving 1 domain at http:/);
  const url = /http:\S+/.exec(said)?.[0] ?? "";
  expect((await fetch(`${url}/healthz`, { headers: CLOSE })).status).toBe(200);
  child.kill("SIGTERM");
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect([code, signal]).toEqual([0, null]);
  expect(said).toContain("stopping");
});
