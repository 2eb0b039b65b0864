import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode, encode, streamEncode, type DecodedPacket } from "dns-packet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CloudflareStore } from "../../../../infra/sandbox/cloudflare-api/cloudflare-store.ts";
import { createRecord } from "../../../../infra/sandbox/cloudflare-api/change-records.ts";
import { createZones } from "../../../../infra/sandbox/cloudflare-api/create-zones.ts";
import { planLimits } from "../../../../infra/sandbox/cloudflare-api/zone-plan.ts";
import { startDns, type Dns, type DnsAddress } from "../../../../infra/sandbox/dns/start-dns.ts";

const EDGE = "127.0.0.2";
const MAIL = "127.0.0.3";

let folder: string;
let store: CloudflareStore;
let dns: Dns;
let resolver: Resolver;

const srv = (target: string): object => ({ data: { priority: 0, weight: 1, port: 443, target } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dns-"));
  store = new CloudflareStore(join(folder, "cloudflare.json"), "0".repeat(32), "sandbox");
  createZones(
    store,
    [],
    [
      {
        zone: "example.test",
        records: [
          { type: "A", name: "@", content: "192.0.2.1", proxied: true },
          { type: "A", name: "mail", content: "203.0.113.25" },
          { type: "AAAA", name: "mail", content: "2001:db8::25" },
          { type: "AAAA", name: "autoconfig", content: "100::", proxied: true },
          { type: "CNAME", name: "autodiscover", content: "autoconfig.example.test", proxied: true },
          { type: "CNAME", name: "alias", content: "www.other.test" },
          { type: "CNAME", name: "loop", content: "pool.example.test" },
          { type: "CNAME", name: "pool", content: "loop.example.test" },
          { type: "CNAME", name: "outside", content: "www.example.net" },
          { type: "CNAME", name: "theirs", content: "app.saas.test" },
          { type: "TXT", name: "@", content: '"v=spf1 " "-all"' },
          { type: "TXT", name: "big", content: "x".repeat(900) },
          { type: "MX", name: "@", content: "mail.example.test", priority: 10 },
          { type: "SRV", name: "_imaps._tcp", ...srv("mail.example.test") },
          { type: "SRV", name: "_pop3._tcp", ...srv(".") },
          { type: "SRV", name: "_autodiscover._tcp", ...srv("autodiscover.example.test") },
          { type: "CAA", name: "@", data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
          {
            type: "TLSA",
            name: "_25._tcp.mail",
            data: { usage: 3, selector: 1, matching_type: 1, certificate: "ab" },
          },
          { type: "HTTPS", name: "@", data: { priority: 1, target: ".", value: 'alpn="h2"' } },
          { type: "OPENPGPKEY", name: "key._openpgpkey", content: "AAAA" },
        ],
      },
      {
        zone: "other.test",
        records: [
          { type: "A", name: "*", content: "192.0.2.9", proxied: true },
          { type: "CNAME", name: "@", content: "direct.example.test" },
        ],
      },
      {
        zone: "saas.test",
        account: "other",
        records: [{ type: "A", name: "app", content: "192.0.2.50", proxied: true }],
      },
    ],
  );
  dns = await startDns({
    store,
    host: "127.0.0.1",
    port: 0,
    authoritativePort: 0,
    edgeAddress: EDGE,
    mailAddress: MAIL,
    mailHosts: () => new Set(["Mail.example.test", "mx.elsewhere.test"]),
    extraHosts: () => new Map([["script.sandbox.workers.dev", EDGE]]),
  });
  resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${String(dns.recursive.port)}`]);
});
afterAll(async () => {
  await dns.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(server: DnsAddress, name: string, type: string): Promise<DecodedPacket> {
  const socket = createSocket("udp4");
  try {
    const query = encode({ type: "query", id: 1, flags: 0, questions: [{ name, type: type as "A" }] });
    socket.send(query, server.port, server.host);
    const [response] = (await once(socket, "message")) as [Buffer];
    return decode(response);
  } finally {
    socket.close();
  }
}
const rcodeOf = (response: DecodedPacket): unknown => (response as { rcode?: unknown }).rcode;
const errorOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "resolved",
    (error: NodeJS.ErrnoException) => error.code,
  );

describe("the recursive view", () => {
  it("gives proxied names the edge's IPv4 address and no IPv6 one, aliases and wildcards too", async () => {
    for (const name of [
      "example.test",
      "autoconfig.example.test",
      "autodiscover.example.test",
      "x.other.test",
    ]) {
      expect(await resolver.resolve4(name)).toEqual([EDGE]);
      expect(await errorOf(resolver.resolve6(name))).toBe("ENODATA");
      expect(await errorOf(resolver.resolveCname(name))).toBe("ENODATA");
    }
  });

  it("gives mail hosts the sandbox's mail address, in zones and outside of them", async () => {
    expect(await resolver.resolve4("mail.example.test")).toEqual([MAIL]);
    expect(await errorOf(resolver.resolve6("mail.example.test"))).toBe("ENODATA");
    expect(await resolver.resolve4("mx.elsewhere.test")).toEqual([MAIL]);
  });

  it("answers every record type that the module writes", async () => {
    expect(await resolver.resolveTxt("example.test")).toEqual([["v=spf1 ", "-all"]]);
    expect(await resolver.resolveMx("example.test")).toMatchObject([
      { priority: 10, exchange: "mail.example.test" },
    ]);
    expect(await resolver.resolveSrv("_imaps._tcp.example.test")).toMatchObject([
      { priority: 0, weight: 1, port: 443, name: "mail.example.test" },
    ]);
    expect((await resolver.resolveSrv("_pop3._tcp.example.test"))[0]?.name).toBe("");
    expect(await resolver.resolveCaa("example.test")).toMatchObject([
      { critical: 0, issue: "letsencrypt.org" },
    ]);
    expect(await resolver.resolveNs("example.test")).toEqual(["ns1.sandbox.test", "ns2.sandbox.test"]);
    expect(await resolver.resolve4("ns1.sandbox.test")).toEqual(["127.0.0.1"]);
    expect(await resolver.resolveSoa("example.test")).toMatchObject({ nsname: "ns1.sandbox.test" });
    const tlsa = await ask(dns.recursive, "_25._tcp.mail.example.test", "TLSA");
    expect(tlsa.answers?.[0]).toMatchObject({ data: { usage: 3, selector: 1, matchingType: 1 } });
    const https = await ask(dns.recursive, "example.test", "UNKNOWN_65");
    expect(https.answers?.[0]).toMatchObject({ data: Buffer.from("00010000010003026832", "hex") });
  });

  it("rewrites an SRV to a proxied name to a dc- name with the origin's address", async () => {
    const [record] = await resolver.resolveSrv("_autodiscover._tcp.example.test");
    expect(record?.name).toMatch(/^dc-[0-9a-f]{12}\.example\.test$/);
    expect(await resolver.resolve6(record?.name ?? "")).toEqual(["100::"]);
  });

  it("follows aliases across zones, flattens one at an apex, and stops at a loop", async () => {
    expect(await resolver.resolve4("alias.example.test")).toEqual([EDGE]);
    expect(await resolver.resolveCname("alias.example.test")).toEqual(["www.other.test"]);
    expect(rcodeOf(await ask(dns.recursive, "loop.example.test", "A"))).toBe("SERVFAIL");
    expect(rcodeOf(await ask(dns.recursive, "other.test", "A"))).toBe("NOERROR");
  });

  it("resolves the proxied names of another account to the edge, through an alias of ours too", async () => {
    expect(await resolver.resolve4("app.saas.test")).toEqual([EDGE]);
    expect(await resolver.resolve4("theirs.example.test")).toEqual([EDGE]);
  });

  it("knows no other names: NXDOMAIN, also at the end of an alias", async () => {
    expect(await errorOf(resolver.resolve4("www.example.com"))).toBe("ENOTFOUND");
    expect(await resolver.resolve4("script.sandbox.workers.dev")).toEqual([EDGE]);
    const outside = await ask(dns.recursive, "outside.example.test", "A");
    expect([rcodeOf(outside), outside.answers?.length]).toEqual(["NXDOMAIN", 1]);
  });

  it("tells NXDOMAIN from NODATA, both with the SOA", async () => {
    const absent = await ask(dns.recursive, "absent.example.test", "A");
    expect([rcodeOf(absent), absent.authorities?.[0]?.type]).toEqual(["NXDOMAIN", "SOA"]);
    for (const name of ["_tcp.example.test", "_openpgpkey.example.test", "key._openpgpkey.example.test"]) {
      const empty = await ask(dns.recursive, name, "A");
      expect([rcodeOf(empty), empty.authorities?.[0]?.type]).toEqual(["NOERROR", "SOA"]);
    }
  });

  it("shows a change at once", async () => {
    const zoneId = store.zones().find(({ name }) => name === "example.test")?.id ?? "";
    const rules = { zoneName: "example.test", otherZones: [], limits: planLimits({}) };
    expect(await errorOf(resolver.resolveTxt("_acme-challenge.example.test"))).toBe("ENOTFOUND");
    const body = { type: "TXT", name: "_acme-challenge", content: '"token"', ttl: 60 };
    store.updateZone(zoneId, ({ records }) => ({ records: createRecord(records, body, rules).records }));
    expect(await resolver.resolveTxt("_acme-challenge.example.test")).toEqual([["token"]]);
  });
});

describe("the authoritative view", () => {
  it("answers the zone as stored, with AA, and refuses other names", async () => {
    const mail = await ask(dns.authoritative, "mail.example.test", "A");
    expect(mail).toMatchObject({ flag_aa: true, flag_ra: false, answers: [{ data: "203.0.113.25" }] });
    const service = await ask(dns.authoritative, "_autodiscover._tcp.example.test", "SRV");
    expect(service.answers?.[0]).toMatchObject({ data: { target: "autodiscover.example.test" } });
    const proxied = await ask(dns.authoritative, "autoconfig.example.test", "A");
    expect(proxied.answers).toMatchObject([{ data: EDGE }]);
    expect(rcodeOf(await ask(dns.authoritative, "www.example.com", "A"))).toBe("REFUSED");
    const outside = await ask(dns.authoritative, "outside.example.test", "A");
    expect([rcodeOf(outside), outside.answers?.length]).toEqual(["NOERROR", 1]);
  });
});

describe("transports", () => {
  it("cuts a long answer on UDP, and a resolver gets it over TCP", async () => {
    expect(await ask(dns.recursive, "big.example.test", "TXT")).toMatchObject({ flag_tc: true, answers: [] });
    const [strings] = await resolver.resolveTxt("big.example.test");
    expect(strings?.map((text) => text.length)).toEqual([255, 255, 255, 135]);
  });

  it("answers several queries of one TCP connection, however they are cut", async () => {
    const socket = connect(dns.recursive.port, dns.recursive.host);
    const queries = ["mail.example.test", "example.test"].map((name, id) =>
      streamEncode({ type: "query", id, questions: [{ name, type: "A" }] }),
    );
    const bytes = Buffer.concat(queries);
    socket.write(bytes.subarray(0, 5));
    socket.write(bytes.subarray(5));
    let received = Buffer.alloc(0);
    const ids: unknown[] = [];
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        ids.push(decode(received.subarray(2, end)).id);
        received = received.subarray(end);
      }
      if (ids.length === 2) break;
    }
    expect(ids).toEqual([0, 1]);
  });

  it("lives on after malformed packets and after clients that are gone", async () => {
    const socket = createSocket("udp4");
    for (const bytes of [
      Buffer.alloc(3),
      Buffer.alloc(40, 255),
      Buffer.from("not dns at all, but long enough"),
    ]) {
      socket.send(bytes, dns.recursive.port, dns.recursive.host);
    }
    socket.close();
    const tcp = connect(dns.recursive.port, dns.recursive.host);
    tcp.write(Buffer.from([0, 4, 1, 2]));
    tcp.destroy();
    expect(await resolver.resolve4("example.test")).toEqual([EDGE]);
    expect(dns.queries.recursive).toBeGreaterThan(3);
  });

  it("says which port is taken", async () => {
    const again = startDns({
      store,
      host: "127.0.0.1",
      port: dns.recursive.port,
      authoritativePort: 0,
      edgeAddress: EDGE,
      mailAddress: MAIL,
      mailHosts: () => new Set(),
      extraHosts: () => new Map(),
    });
    await expect(again).rejects.toMatchObject({ code: "port-taken" });
  });
});
