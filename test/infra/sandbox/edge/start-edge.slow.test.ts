import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as requestHttp, type IncomingMessage } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as requestHttps } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAuthority, type Authority } from "../../../../infra/sandbox/authority/open-authority.ts";
import { startEdge, type Edge } from "../../../../infra/sandbox/edge/start-edge.ts";
import { memoryWorld, type MemoryWorld } from "./memory-world.ts";

const WORKER = `export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/throw") throw new Error("on purpose");
    if (url.pathname === "/out") return await fetch("http://127.0.0.1:1/").then(() => new Response("reached"));
    if (url.pathname === "/redirect") return Response.redirect("https://example.test/elsewhere", 302);
    return Response.json({
      url: request.url, method: request.method, greeting: env.GREETING,
      kv: await env.DOMAINS.get("example.test"), body: await request.text(),
      scheme: request.headers.get("x-forwarded-proto"), marker: request.headers.get("x-marker"),
      names: [...request.headers.keys()].join(), host: request.headers.get("host"),
    });
  },
};`;
const BINDINGS = [
  { name: "GREETING", type: "plain_text", text: "hello" },
  { name: "DOMAINS", type: "kv_namespace", namespace_id: "n1" },
];
const originless = { type: "AAAA", content: "100::", proxied: true } as const;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

let dir: string;
let authority: Authority;
let world: MemoryWorld;
let edge: Edge;
const origin = createServer((request, response) =>
  response.end(`origin ${request.headers.host} ${request.url}`),
);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "edge-"));
  authority = await openAuthority(dir);
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  world = memoryWorld({
    records: [
      { ...originless, name: "autoconfig.example.test" },
      { ...originless, name: "deep.er.example.test" },
      { type: "CNAME", name: "autodiscover.example.test", content: "autoconfig.example.test", proxied: true },
      { type: "A", name: "example.test", content: "203.0.113.80", proxied: true },
      { type: "CNAME", name: "dangling.example.test", content: "no.example.test", proxied: true },
      { type: "A", name: "gone.example.test", content: "203.0.113.81", proxied: true },
    ],
    routes: [
      { pattern: "autoconfig.example.test/*", script: "responder" },
      { pattern: "autoconfig.example.test/off/*" },
      { pattern: "example.test/.well-known/autoconfig/*", script: "responder" },
    ],
    customDomains: [{ hostname: "autoconfig.dept.example.test", service: "responder" }],
    workersSubdomain: "acme",
  });
  world.values.set("example.test", "one");
  world.setScript("responder", WORKER, { bindings: BINDINGS, workersDevEnabled: true });
  edge = await startEdge({
    world,
    authority,
    host: "127.0.0.1",
    httpPort: 0,
    httpsPort: 0,
    resolveOrigin: (content) =>
      content === "203.0.113.80"
        ? { host: "127.0.0.1", port: (origin.address() as AddressInfo).port }
        : undefined,
  });
});

afterAll(async () => {
  await edge.close();
  origin.close();
  await rm(dir, { recursive: true });
});

async function ask(
  url: string,
  init: { method?: string; body?: string; path?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { protocol, hostname, pathname, search } = new URL(url);
  const secure = protocol === "https:";
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = (secure ? requestHttps : requestHttp)(
    {
      host: "127.0.0.1",
      port: (secure ? edge.https : edge.http).port,
      servername: hostname,
      ca: authority.rootPem,
      path: init.path ?? pathname + search,
      method: init.method ?? "GET",
      headers: { host: hostname, ...init.headers },
      agent: false,
    },
    (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
      );
    },
  );
  outgoing.on("error", reject).end(init.body);
  return promise;
}

describe("a Worker in workerd behind the edge", () => {
  test("sees the URL, the body, its bindings and its KV values as on Cloudflare", async () => {
    const url = "https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=a%40example.test";
    const answer = await ask(url, { method: "POST", body: "<x/>", headers: { "x-marker": "m" } });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      url,
      method: "POST",
      greeting: "hello",
      kv: "one",
      body: "<x/>",
      scheme: "https",
      marker: "m",
      host: "autoconfig.example.test",
      names:
        "accept-encoding,cf-connecting-ip,cf-visitor,content-length,host,x-forwarded-for,x-forwarded-proto,x-marker",
    });
  });

  test("gets the http:// request itself while Always Use HTTPS is off; a 301 comes before it while on", async () => {
    const url = "http://autoconfig.example.test/a?b";
    expect(JSON.parse((await ask(url)).text)).toMatchObject({ url, scheme: "http" });
    world.alwaysUseHttps = true;
    const answer = await ask(url);
    world.alwaysUseHttps = false;
    expect([answer.status, answer.headers.location]).toEqual([301, "https://autoconfig.example.test/a?b"]);
  });

  test("sees a changed and a removed KV value at the next request, and new code after an upload", async () => {
    const url = "https://autoconfig.example.test/";
    world.values.set("example.test", "two");
    expect(JSON.parse((await ask(url)).text)).toMatchObject({ kv: "two" });
    world.values.delete("example.test");
    expect(JSON.parse((await ask(url)).text)).toMatchObject({ kv: null });
    world.setScript("responder", "export default { fetch: () => new Response('second') };", {
      bindings: BINDINGS,
    });
    expect((await ask(url)).text).toBe("second");
    world.setScript("responder", WORKER, { bindings: BINDINGS, workersDevEnabled: true });
  });

  test("is reached by an absolute-form target, whose authority wins over the Host field", async () => {
    const path = "https://autoconfig.example.test/absolute?x=1";
    const answer = await ask("https://autoconfig.example.test/", { path, headers: { host: "other.test" } });
    expect(JSON.parse(answer.text)).toMatchObject({ url: path });
  });

  test("is reached over HTTP/2, through a custom domain and through workers.dev", async () => {
    const session = connectHttp2("https://autoconfig.example.test", {
      createConnection: () =>
        connectTls({
          port: edge.https.port,
          host: "127.0.0.1",
          servername: "autoconfig.example.test",
          ca: authority.rootPem,
          ALPNProtocols: ["h2"],
        }),
    });
    const stream = session.request({ ":path": "/h2" });
    const chunks: Buffer[] = await stream.toArray();
    session.close();
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({
      url: "https://autoconfig.example.test/h2",
    });
    for (const host of ["autoconfig.dept.example.test", "responder.acme.workers.dev"]) {
      expect(JSON.parse((await ask(`https://${host}/p`)).text)).toMatchObject({ url: `https://${host}/p` });
    }
  });

  test("answers its own redirects unfollowed, 1101 where it throws, and reaches nothing outside", async () => {
    const redirect = await ask("https://autoconfig.example.test/redirect");
    expect([redirect.status, redirect.headers.location]).toEqual([302, "https://example.test/elsewhere"]);
    for (const path of ["/throw", "/out"]) {
      const answer = await ask(`https://autoconfig.example.test${path}`);
      expect([answer.status, answer.text.trim()]).toEqual([500, "error code: 1101"]);
    }
  });
});

describe("without a Worker", () => {
  test("a route without script and an unrouted originless name time out with 522", async () => {
    expect((await ask("https://autoconfig.example.test/off/x")).status).toBe(522);
    expect((await ask("https://autodiscover.example.test/x")).status).toBe(522);
  });

  test("a path outside the routes reaches the origin of the record; an unreachable one is 523, an alias to nothing 530", async () => {
    expect((await ask("http://example.test/blog?p=1")).text).toBe("origin example.test /blog?p=1");
    expect((await ask("https://gone.example.test/")).status).toBe(523);
    expect((await ask("https://dangling.example.test/")).text.trim()).toBe("error code: 1016");
  });

  test("a host of no zone is 1001, an address is 1003", async () => {
    expect((await ask("http://unknown.test/")).text.trim()).toBe("error code: 1001");
    expect((await ask("http://127.0.0.1/")).text.trim()).toBe("error code: 1003");
  });

  test("a body or a header beyond the limits is refused", async () => {
    const body = "x".repeat(1_100_000);
    expect((await ask("http://example.test/", { method: "POST", body })).status).toBe(413);
    const headers = { "x-long": "x".repeat(40_000) };
    expect((await ask("http://example.test/", { headers })).status).toBe(431);
  });
});

describe("TLS", () => {
  test.each(["deep.er.example.test", "unknown.test", "mail.example.test"])(
    "%s has no edge certificate: the handshake fails with an alert",
    async (name) => {
      await expect(ask(`https://${name}/`)).rejects.toThrow(/alert handshake failure/);
    },
  );

  test("a client without SNI gets the same alert", async () => {
    const socket = connectTls({ port: edge.https.port, host: "127.0.0.1", ca: authority.rootPem });
    const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException>();
    socket.on("error", resolve);
    expect((await promise).code).toMatch(/HANDSHAKE_FAILURE/);
  });
});

test("malformed HTTP is answered 400 and the edge lives on", async () => {
  const socket = connect(edge.http.port, "127.0.0.1");
  socket.end("GET / HTTP/1.1\r\n\r\n");
  const reply = Buffer.concat(await socket.toArray()).toString();
  expect(reply).toMatch(/^HTTP\/1.1 400/);
  expect((await ask("http://unknown.test/")).status).toBe(409);
});

test("the authority survives a restart, and refuses to replace an unreadable one", async () => {
  expect((await openAuthority(dir)).rootPem).toBe(authority.rootPem);
  const broken = await mkdtemp(join(tmpdir(), "authority-"));
  await openAuthority(broken);
  await writeFile(join(broken, "intermediate.pem"), "nothing");
  await expect(openAuthority(broken)).rejects.toMatchObject({ code: "state-unreadable" });
  await rm(broken, { recursive: true });
});
