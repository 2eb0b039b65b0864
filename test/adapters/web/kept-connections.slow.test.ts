import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { createServer as createTls, type Server as TlsServer } from "node:tls";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openAuthority, type Authority } from "../../../infra/sandbox/authority/open-authority.ts";
import {
  openKeptConnections,
  requestHttps,
  type HttpsObservation,
  type KeptConnections,
} from "../../../src/adapters/web/https-probe.ts";

let dir: string;
let authority: Authority;
let server: Server;
let connections: KeptConnections;
/** Connections that came in. */
let sockets: Socket[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "kept-"));
  authority = await openAuthority(dir);
  const { certPem, keyPem } = await authority.issue(["a.example.test"]);
  server = createServer({ cert: certPem, key: keyPem }, (_request, response) => response.end("document"));
  server.on("connection", (socket: Socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true });
});
beforeEach(() => {
  sockets = [];
  connections = openKeptConnections();
});

async function ask(host: string, to: Server | TlsServer = server): Promise<HttpsObservation> {
  return requestHttps({
    url: `https://${host}/`,
    method: "GET",
    timeoutMs: 3000,
    maxBytes: 1000,
    resolveTo: { host: "127.0.0.1", port: (to.address() as AddressInfo).port },
    ca: authority.rootPem,
    connections,
  });
}

test("a host that is asked again is asked over the same connection, and its certificate is told again", async () => {
  const first = await ask("a.example.test");
  const second = await ask("a.example.test");
  expect(first).toMatchObject({ outcome: "answered", tls: { authorized: true } });
  expect(second).toMatchObject({ outcome: "answered" });
  expect(second.outcome === "answered" ? second.tls : "none").toEqual(
    first.outcome === "answered" ? first.tls : undefined,
  );
  expect(sockets).toHaveLength(1);
});

test("another host at the same address has a connection of its own: each name is held against the certificate", async () => {
  expect(await ask("a.example.test")).toMatchObject({ tls: { authorized: true } });
  for (const _ of [1, 2]) {
    expect(await ask("b.example.test")).toMatchObject({
      tls: { authorized: false, authorizationError: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
  }
  expect(sockets).toHaveLength(2);
});

test("a connection that the server has closed meanwhile is no failure: the request is sent anew", async () => {
  const { certPem, keyPem } = await authority.issue(["a.example.test"]);
  let count = 0;
  // It answers once on each connection, promises to keep it, and closes it when the next request comes.
  const rude = createTls({ cert: certPem, key: keyPem }, (socket) => {
    count += 1;
    let hasAnswered = false;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      if (hasAnswered) socket.destroy();
      else socket.write("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
      hasAnswered = true;
    });
  });
  rude.listen(0, "127.0.0.1");
  await once(rude, "listening");
  try {
    expect(await ask("a.example.test", rude)).toMatchObject({ outcome: "answered", status: 200 });
    expect(await ask("a.example.test", rude)).toMatchObject({ outcome: "answered", status: 200 });
    expect(count).toBe(2);
  } finally {
    rude.close();
  }
});
