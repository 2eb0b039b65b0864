import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps, type Server } from "node:https";
import { createServer as createTcp, type AddressInfo, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAuthority, type Authority } from "../../../infra/sandbox/authority/open-authority.ts";
import {
  requestHttps,
  type HttpsObservation,
  type HttpsProbeOptions,
} from "../../../src/adapters/web/https-probe.ts";

const URL_HERE = "https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=a%40example.test";
let dir: string;
let authority: Authority;
let secure: Server;
let plain: ReturnType<typeof createHttp>;
let silent: TcpServer;
let broken: TcpServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "https-"));
  authority = await openAuthority(dir);
  const { certPem, keyPem } = await authority.issue(["*.example.test"]);
  secure = createHttps({ cert: certPem, key: keyPem }, (request, response) => {
    if (request.url === "/redirect")
      return response.writeHead(302, { location: "https://other.test/" }).end();
    if (request.url === "/long") return response.end("x".repeat(5000));
    if (request.url?.startsWith("/gzip") === true) {
      response.setHeader("Content-Encoding", "gzip");
      return response.end(gzipSync("x".repeat(Number(request.url.slice(5)))));
    }
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { host } = request.headers;
      const length = request.headers["content-length"];
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      response.end(JSON.stringify({ host, url: request.url, method: request.method, body, length }));
    });
  });
  plain = createHttp((_request, response) => response.end("plain"));
  silent = createTcp((socket) => socket.on("error", () => undefined));
  broken = createTcp((socket) => socket.on("error", () => undefined).end("nonsense\r\n\r\n"));
  for (const server of [secure, plain, silent, broken]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
});
afterAll(async () => {
  for (const server of [secure, plain, silent, broken]) server.close();
  await rm(dir, { recursive: true });
});

async function ask(server: TcpServer, extra: Partial<HttpsProbeOptions> = {}): Promise<HttpsObservation> {
  return requestHttps({
    url: URL_HERE,
    method: "GET",
    resolveTo: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    ca: authority.rootPem,
    timeoutMs: 2000,
    maxBytes: 4096,
    ...extra,
  });
}

function textOf(observation: HttpsObservation): string {
  if (observation.outcome !== "answered") throw new Error(`${observation.outcome}: ${observation.detail}`);
  return Buffer.from(observation.body).toString();
}

test("the request bears the URL's host, whatever it connects to, and the answer its TLS verdict", async () => {
  const observation = await ask(secure, { method: "POST", body: "<x/>" });
  expect(JSON.parse(textOf(observation))).toEqual({
    host: "autoconfig.example.test",
    url: "/mail/config-v1.1.xml?emailaddress=a%40example.test",
    method: "POST",
    body: "<x/>",
    length: "4",
  });
  expect(observation).toMatchObject({
    status: 200,
    headers: { "set-cookie": "a=1, b=2" },
    tls: { authorized: true, protocol: "TLSv1.3", certificate: { subjectAltNames: ["*.example.test"] } },
  });
});

test("the whole URL is the target where that is wanted, and its host still stands beside it", async () => {
  const url = "https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=a%40example.test";
  expect(JSON.parse(textOf(await ask(secure, { url, isAbsolute: true })))).toMatchObject({
    host: "autoconfig.example.test",
    url,
  });
});

test("a name that the certificate does not cover is a verdict, not a failure", async () => {
  expect(await ask(secure, { url: "https://a.b.example.test/" })).toMatchObject({
    outcome: "answered",
    tls: { authorized: false, authorizationError: "ERR_TLS_CERT_ALTNAME_INVALID" },
  });
});

test("no redirect is followed", async () => {
  expect(await ask(secure, { url: "https://autoconfig.example.test/redirect" })).toMatchObject({
    status: 302,
    headers: { location: "https://other.test/" },
  });
});

test("a body that is compressed unasked is read, up to the limit of what it becomes", async () => {
  const read = (length: number): Promise<HttpsObservation> =>
    ask(secure, { url: `https://autoconfig.example.test/gzip${length}` });
  expect(textOf(await read(4096))).toBe("x".repeat(4096));
  expect(await read(4097)).toMatchObject({ outcome: "too-large" });
});

test("a server that changes to another protocol, or closes without a word, has an outcome, too", async () => {
  for (const [said, outcome] of [
    ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "protocol-error"],
    ["", "unreachable"],
  ] as const) {
    const server = createTcp((socket) => socket.on("error", () => undefined).end(said));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    expect(await ask(server, { url: "http://example.test/" })).toMatchObject({ outcome });
    server.close();
  }
});

test("http: is answered without a TLS verdict", async () => {
  const observation = await ask(plain, { url: "http://example.test/" });
  expect(textOf(observation)).toBe("plain");
  expect(observation).not.toHaveProperty("tls");
});

test("what goes wrong has an outcome of its own", async () => {
  expect(await ask(secure, { url: "https://autoconfig.example.test/long" })).toMatchObject({
    outcome: "too-large",
  });
  expect(await ask(silent, { timeoutMs: 200 })).toMatchObject({ outcome: "timeout" });
  expect(await ask(plain)).toMatchObject({ outcome: "tls-failed" });
  expect(await ask(broken)).toMatchObject({ outcome: "tls-failed" });
  expect(await ask(broken, { url: "http://example.test/" })).toMatchObject({ outcome: "protocol-error" });
  expect(await ask(secure, { resolveTo: { host: "127.0.0.1", port: 1 } })).toMatchObject({
    outcome: "refused",
  });
  expect(await ask(secure, { headers: { "x-bad": "a\nb" } })).toMatchObject({ outcome: "protocol-error" });
  for (const url of ["nothing", "ftp://example.test/", "https://user@example.test/"]) {
    expect(await ask(secure, { url })).toMatchObject({ outcome: "invalid-url" });
  }
  // A label of 64 characters fails without a question to any name server.
  const nowhere = { url: `https://${"x".repeat(64)}.invalid/`, method: "GET", timeoutMs: 5000, maxBytes: 1 };
  expect(await requestHttps(nowhere)).toMatchObject({ outcome: "unresolved" });
});
