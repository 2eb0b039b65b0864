import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { decode, encode } from "dns-packet";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureApiCertificate } from "../../../infra/sandbox/acme/api-certificate.ts";
import { openAuthoritativeResolver } from "../../../src/adapters/resolver/authoritative-resolver.ts";
import { openDohCheck } from "../../../src/adapters/resolver/doh.ts";
import { startTinyDns, type TinyDns } from "../../certificates/tiny-dns.ts";

const never = new AbortController().signal;
const name = "_acme-challenge.example.test";

let directory: string;
let ca: string;
let server: Server;
let url: string;
let txt: readonly string[];
let status: number;
let seen: {
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly id: number | undefined;
}[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "doh-"));
  const files = await ensureApiCertificate(directory, "127.0.0.1");
  ca = await readFile(files.caFile, "utf8");
  const cert = await readFile(files.certificateFile);
  const key = await readFile(files.keyFile);
  server = createServer({ cert, key }, (request, response) => {
    void buffer(request).then((body) => {
      if (status === 101)
        return request.socket.end(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        );
      const query = decode(body);
      const [question] = query.questions ?? [];
      seen.push({ method: request.method, type: request.headers["content-type"], id: query.id });
      const questions = question === undefined ? [] : [question];
      // A long TXT comes in several strings (RFC 1035 §3.3.14).
      const answers = txt.map((value) => {
        return { type: "TXT" as const, name, ttl: 1, data: [value.slice(0, 3), value.slice(3)] };
      });
      response.writeHead(status, { "content-type": "application/dns-message" });
      response.end(
        status === 200 ? encode({ type: "response", id: query.id ?? 0, questions, answers }) : "no",
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/dns-query`;
});

beforeEach(() => {
  txt = [];
  status = 200;
  seen = [];
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true, force: true });
});

describe("a resolver over HTTPS", () => {
  test("that has all values is complete", async () => {
    txt = ["value one", "value two", "stale"];
    const check = openDohCheck({ servers: [url], ca });
    expect(await check.observe(name, ["value one", "value two"], never)).toEqual([
      { server: url, state: "complete", isHeard: true },
    ]);
    expect(seen).toEqual([{ method: "POST", type: "application/dns-message", id: 0 }]);
  });

  test("that lacks one may remember its absence: it says nothing, but it was heard", async () => {
    txt = ["value one"];
    const check = openDohCheck({ servers: [url], ca });
    expect(await check.observe(name, ["value one", "value two"], never)).toEqual([
      { server: `${url} (may remember that it was absent)`, state: "unreachable", isHeard: true },
    ]);
  });

  test("that answers with an error, or whose certificate is not trusted, was not heard", async () => {
    txt = ["value one"];
    const untrusted = openDohCheck({ servers: [url] });
    const silence = [{ server: url, state: "unreachable", isHeard: false }];
    expect(await untrusted.observe(name, ["value one"], never)).toEqual(silence);
    status = 503;
    expect(await openDohCheck({ servers: [url], ca }).observe(name, ["value one"], never)).toEqual(silence);
  });

  test("that changes to another protocol was not heard, and is not waited for without end", async () => {
    status = 101;
    expect(await openDohCheck({ servers: [url], ca }).observe(name, ["value one"], never)).toEqual([
      { server: url, state: "unreachable", isHeard: false },
    ]);
  });

  test("is given up with an abort", async () => {
    const check = openDohCheck({ servers: [url], ca });
    await expect(check.observe(name, [], AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });
});

describe("where port 53 is blocked", () => {
  /** The zone's one server is an address where nothing listens. */
  async function blockedZone(): Promise<TinyDns> {
    return await startTinyDns(
      new Map([
        ["example.test/NS", ["ns.example.test"]],
        ["ns.example.test/A", ["127.0.0.2"]],
      ]),
    );
  }

  test("the check asks over HTTPS instead, and from then on at once", async () => {
    const dns = await blockedZone();
    const check = openAuthoritativeResolver({ resolver: dns.address, port: 1, doh: [url], ca });
    expect(await check.observe(name, ["value one"], never)).toMatchObject([{ state: "unreachable" }]);
    const asked = dns.questions.length;
    txt = ["value one"];
    expect(await check.observe(name, ["value one"], never)).toEqual([{ server: url, state: "complete" }]);
    expect(dns.questions).toHaveLength(asked);
    await dns.close();
  });

  test("the check works without any resolver on port 53", async () => {
    txt = ["value one"];
    const check = openAuthoritativeResolver({ resolver: "127.0.0.2:1", doh: [url], ca });
    expect(await check.observe(name, ["value one"], never)).toEqual([{ server: url, state: "complete" }]);
  });

  test("a closed network asks nobody over HTTPS that it does not name", async () => {
    const dns = await blockedZone();
    const check = openAuthoritativeResolver({ resolver: dns.address, port: 1 });
    expect(await check.observe(name, ["value one"], never)).toEqual([
      { server: "ns.example.test", state: "unreachable" },
    ]);
    await dns.close();
  });

  test("nobody heard over HTTPS leaves the zone's servers to be named", async () => {
    const dns = await blockedZone();
    status = 503;
    const check = openAuthoritativeResolver({ resolver: dns.address, port: 1, doh: [url], ca });
    expect(await check.observe(name, ["value one"], never)).toEqual([
      { server: "ns.example.test", state: "unreachable" },
    ]);
    await dns.close();
  });

  test("a zone whose server answers is asked nothing over HTTPS", async () => {
    const dns = await startTinyDns(
      new Map([
        ["example.test/NS", ["ns.example.test"]],
        ["ns.example.test/A", ["127.0.0.1"]],
      ]),
    );
    const port = Number(dns.address.split(":")[1]);
    const check = openAuthoritativeResolver({ resolver: dns.address, port, doh: [url], ca });
    expect(await check.observe(name, ["value one"], never)).toMatchObject([{ state: "incomplete" }]);
    expect(seen).toEqual([]);
    await dns.close();
  });
});
