import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTls } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openAuthority, type Authority } from "../../infra/sandbox/authority/open-authority.ts";
import { makeSelfSigned } from "../../infra/sandbox/mail/self-signed.ts";
import { openLiveWorld, type LiveWorldOptions } from "../../src/adapters/live-world.ts";
import { followRedirects } from "../../src/clients/ladder/follow-redirects.ts";
import { Trace } from "../../src/clients/ladder/trace.ts";
import type { MailPortQuestion, World } from "../../src/clients/world/world.ts";
import { startTinyDns, type TinyDns, type TinyZone } from "../certificates/tiny-dns.ts";

const HOST = "autoconfig.example.test";

interface Listening {
  readonly port: number;
  close(): unknown;
}

let dir: string;
let authority: Authority;
let zone: TinyZone;
let dns: TinyDns;
const servers: Listening[] = [];
/** Local addresses that HTTP requests came in at, with their paths. */
let seen: string[];
let http: Listening;
let https: Listening;
let selfSigned: Listening;
let silent: Listening;
let mail: Listening;

async function listen(server: Server | ReturnType<typeof createTcp>, host = "0.0.0.0"): Promise<Listening> {
  server.listen(0, host);
  await once(server, "listening");
  const listening = {
    port: (server.address() as AddressInfo).port,
    close: (): unknown => server.close(),
  };
  servers.push(listening);
  return listening;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "live-world-"));
  authority = await openAuthority(dir);
  const issued = await authority.issue(["*.example.test"]);
  const certificate = { cert: issued.certPem, key: issued.keyPem };
  const own = await makeSelfSigned();
  http = await listen(
    createHttp((request, response) => {
      seen.push(`${request.socket.localAddress ?? ""} ${request.url ?? ""}`);
      if (request.url === "/inside") response.writeHead(302, { location: "http://127.0.0.1/secret" }).end();
      else if (request.url === "/mapped")
        response.writeHead(302, { location: "http://[::ffff:127.0.0.1]/secret" }).end();
      else if (request.url === "/long") response.end("x".repeat(300_000));
      else response.end(JSON.stringify({ host: request.headers.host }));
    }),
  );
  https = await listen(createHttps(certificate, (_request, response) => response.end("secure")));
  selfSigned = await listen(
    createHttps({ cert: own.certPem, key: own.keyPem }, (_request, response) => response.end("mine")),
  );
  silent = await listen(createTcp((socket) => socket.on("error", () => undefined)));
  mail = await listen(
    createTls(certificate, (socket) => {
      socket.on("error", () => undefined);
      socket.write("* OK ready\r\n");
      socket.on("data", (data) => {
        const tag = /^\S+/.exec(data.toString())?.[0] ?? "";
        socket.write(`* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n${tag} OK done\r\n`);
      });
    }),
  );
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(dir, { recursive: true });
});

beforeEach(async () => {
  seen = [];
  zone = new Map<string, readonly unknown[]>([[`${HOST}/A`, ["127.0.0.1"]]]);
  dns = await startTinyDns(zone);
  return () => dns.close();
});

function open(options: LiveWorldOptions = {}): World {
  return openLiveWorld({
    resolver: dns.address,
    ca: authority.rootPem,
    allowPrivate: true,
    timeoutMs: 2000,
    ...options,
  });
}

const get = (url: string): Parameters<World["request"]>[0] => ({ method: "GET", url });

describe("a request", () => {
  test("goes to the looked-up address and bears the URL's host", async () => {
    const response = await open().request(get(`http://${HOST}:${http.port}/a?b=1`));
    expect(response).toMatchObject({ state: "answered", status: 200, tlsError: undefined });
    expect(response).toHaveProperty("body", `{"host":"${HOST}:${http.port}"}`);
    expect(seen).toEqual(["127.0.0.1 /a?b=1"]);
  });

  test("over TLS brings the certificate that is presented", async () => {
    const response = await open().request(get(`https://${HOST}:${https.port}/`));
    expect(response).toMatchObject({ state: "answered", body: "secure", tlsError: undefined });
    const certificate = response.state === "answered" ? response.certificate : undefined;
    expect(certificate?.spkiSha256).toMatch(/^[\da-f]{64}$/);
    expect(certificate?.notAfter.getTime()).toBeGreaterThan(Date.now());
  });

  test.each([
    { what: "a self-signed certificate", port: () => selfSigned.port, host: HOST, error: "SELF_SIGNED" },
    { what: "another name", port: () => https.port, host: "www.example.net", error: "ALTNAME" },
  ])("$what is reported beside the answer, not thrown", async ({ port, host, error }) => {
    zone.set(`${host}/A`, ["127.0.0.1"]);
    const response = await open().request(get(`https://${host}:${port()}/`));
    expect(response).toMatchObject({ state: "answered", status: 200 });
    expect(response.state === "answered" ? response.tlsError : "").toContain(error);
  });

  test("a certificate of an unknown root is not trusted", async () => {
    const response = await open({ ca: undefined }).request(get(`https://${HOST}:${https.port}/`));
    expect(response).toMatchObject({ state: "answered", tlsError: expect.any(String) });
  });

  test.each([
    { what: "a name without an address is absent", url: "http://none.example.test/", kind: "absent" },
    { what: "what is no URL cannot be sent", url: "https://", kind: "invalid-url" },
    { what: "silence is a time-out", url: () => `http://${HOST}:${silent.port}/`, kind: "timeout" },
    {
      what: "a silent handshake is a time-out",
      url: () => `https://${HOST}:${silent.port}/`,
      kind: "timeout",
    },
    {
      what: "plain HTTP on a TLS port is no handshake",
      url: () => `https://${HOST}:${http.port}/`,
      kind: "tls-failed",
    },
    { what: "no document is so long", url: () => `http://${HOST}:${http.port}/long`, kind: "too-large" },
    { what: "a closed port refuses", url: `http://${HOST}:1/`, kind: "refused" },
  ])("$what", async ({ url, kind }) => {
    const response = await open().request(get(typeof url === "string" ? url : url()));
    expect(response).toMatchObject({ state: "failed", kind });
    expect(response.ms).toBeLessThan(4000);
  });

  test("a name that could not be looked up is unresolved, not absent", async () => {
    const world = open({ resolver: "127.0.0.1:1" });
    expect(await world.request(get(`http://${HOST}/`))).toMatchObject({
      state: "failed",
      kind: "unresolved",
    });
  });

  test("the client's own limit holds where it is shorter than the world's", async () => {
    const asked = { ...get(`http://${HOST}:${silent.port}/`), timeoutMs: 200 };
    const response = await open().request(asked);
    expect(response).toMatchObject({ state: "failed", kind: "timeout" });
    expect(response.ms).toBeLessThan(1500);
  });
});

describe("of several addresses", () => {
  test("the second is tried where the first refuses", async () => {
    zone.set(`${HOST}/A`, ["127.0.0.9", "127.0.0.1"]);
    const only = await listen(
      createHttp((_request, response) => response.end("second")),
      "127.0.0.1",
    );
    const response = await open().request(get(`http://${HOST}:${only.port}/`));
    expect(response).toMatchObject({ state: "answered", body: "second" });
  });

  test("one that stays silent ends it: a client would wait as long", async () => {
    zone.set(`${HOST}/A`, ["127.0.0.1", "127.0.0.2"]);
    const response = await open().request(get(`http://${HOST}:${silent.port}/`));
    expect(response).toMatchObject({ state: "failed", kind: "timeout" });
    expect(response.ms).toBeLessThan(3500);
  });
});

test("only the address that was looked at is connected to: a second look-up cannot differ", async () => {
  let count = 0;
  const turning = await startTinyDns(zone, ({ question }) => {
    if (question.type !== "A") return undefined;
    count += 1;
    const data = count === 1 ? "127.0.0.1" : "127.0.0.2";
    return { flags: 0, answers: [{ type: "A", name: question.name, ttl: 0, data }] };
  });
  try {
    const world = open({ resolver: turning.address });
    await world.request(get(`http://${HOST}:${http.port}/first`));
    await world.request(get(`http://${HOST.toUpperCase()}:${http.port}/second`));
    expect(seen).toEqual(["127.0.0.1 /first", "127.0.0.1 /second"]);
    expect(count).toBe(1);
  } finally {
    await turning.close();
  }
});

describe("an address that is not public", () => {
  const closed = (options: LiveWorldOptions = {}): World => open({ allowPrivate: false, ...options });

  test.each([
    { what: "of a name", url: () => `http://${HOST}:${http.port}/` },
    { what: "in the URL", url: () => `http://127.0.0.1:${http.port}/` },
    { what: "in the URL, as one number", url: () => `http://2130706433:${http.port}/` },
    { what: "in the URL, in IPv6", url: () => `http://[::1]:${http.port}/` },
    { what: "mapped into IPv6", url: () => `http://[::ffff:127.0.0.1]:${http.port}/` },
  ])("$what is not connected to", async ({ url }) => {
    expect(await closed().request(get(url()))).toMatchObject({ state: "failed", kind: "not-allowed" });
    expect(seen).toEqual([]);
  });

  test("of a name, mapped into IPv6, is not connected to", async () => {
    zone.set("mapped.example.test/AAAA", ["::ffff:127.0.0.1"]);
    const response = await closed().request(get(`http://mapped.example.test:${http.port}/`));
    expect(response).toMatchObject({ state: "failed", kind: "not-allowed" });
    expect(seen).toEqual([]);
  });

  test.each(["/inside", "/mapped"])("is not reached through a redirect either: %s", async (path) => {
    const led = { host: "127.0.0.1", port: http.port };
    const world = closed({ connectTo: (host) => (host === HOST ? led : undefined) });
    const arrival = await followRedirects(
      Trace.begin(world),
      "GET",
      get(`http://${HOST}${path}`),
      { most: 5 },
      () => ({ answer: "read", effect: "passed" }),
    );
    expect(arrival.wasRedirected).toBe(true);
    expect(arrival.response).toMatchObject({ state: "failed", kind: "not-allowed" });
    expect(seen).toEqual([`127.0.0.1 ${path}`]);
  });

  test("of a mail host is not connected to", async () => {
    const question = { protocol: "imap", host: HOST, port: mail.port, tls: "implicit" } as const;
    expect(await closed().probe(question)).toMatchObject({ outcome: "not-allowed" });
  });
});

describe("a rule that leads a connection elsewhere", () => {
  test("keeps the URL's host, and needs no address that is allowed", async () => {
    zone.set(`${HOST}/A`, ["10.0.0.1"]);
    const world = open({
      allowPrivate: false,
      connectTo: (host, port) =>
        host === HOST && port === 443 ? { host: "127.0.0.1", port: https.port } : undefined,
    });
    const response = await world.request(get(`https://${HOST}/`));
    expect(response).toMatchObject({ state: "answered", body: "secure", tlsError: undefined });
  });

  test("does not make a name that is not there serve anybody", async () => {
    const world = open({ connectTo: () => ({ host: "127.0.0.1", port: http.port }) });
    expect(await world.request(get("http://none.example.test/"))).toMatchObject({ kind: "absent" });
    expect(seen).toEqual([]);
  });
});

describe("a mail port", () => {
  const question = (extra: Partial<MailPortQuestion> = {}): MailPortQuestion => {
    return { protocol: "imap", host: HOST, port: mail.port, tls: "implicit", ...extra };
  };

  test("answers with certificate and capabilities", async () => {
    const view = await open().probe(question());
    expect(view).toMatchObject({ outcome: "answered", authorized: true, tlsProtocol: "TLSv1.3" });
    expect(view).toHaveProperty("capabilities", expect.arrayContaining(["AUTH=PLAIN"]));
  });

  test("whose certificate is of another name is reported, not thrown", async () => {
    zone.set("mail.example.net/A", ["127.0.0.1"]);
    const view = await open().probe(question({ host: "mail.example.net" }));
    expect(view).toMatchObject({ outcome: "answered", authorized: false });
  });

  test("at the second address is found where the first refuses", async () => {
    const one = await listen(
      createTcp((socket) => socket.end("no TLS\r\n")),
      "127.0.0.1",
    );
    zone.set(`${HOST}/A`, ["127.0.0.9", "127.0.0.1"]);
    expect(await open().probe(question({ port: one.port }))).toMatchObject({ outcome: "tls-failed" });
  });

  test.each([
    { what: "a closed port", extra: { port: 1 }, outcome: "refused" },
    { what: "a name without an address", extra: { host: "none.example.test" }, outcome: "absent" },
  ])("$what: $outcome", async ({ extra, outcome }) => {
    expect(await open().probe(question(extra))).toMatchObject({ outcome });
  });

  test("silence is a time-out, by the client's limit", async () => {
    const view = await open().probe(question({ port: silent.port, timeoutMs: 200 }));
    expect(view).toMatchObject({ outcome: "timeout" });
    expect(view.ms).toBeLessThan(1500);
  });
});
