import { afterEach, expect, test } from "vitest";
import { openAuthoritativeView } from "../../../src/adapters/resolver/authoritative-view.ts";
import { openWorldResolver, type ResolveName } from "../../../src/adapters/resolver/world-resolver.ts";
import { startTinyDns, type TinyDns, type TinyTwist } from "../../certificates/tiny-dns.ts";

const REFUSED = 5;
const running: TinyDns[] = [];

async function dns(
  records: Readonly<Record<string, readonly unknown[]>>,
  twist?: TinyTwist,
): Promise<TinyDns> {
  const server = await startTinyDns(new Map(Object.entries(records)), twist);
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const resolveBy = (server: TinyDns): ResolveName => openWorldResolver({ resolver: server.address });
const noResolver: ResolveName = () => Promise.reject(new Error("nobody is to be asked"));
const portOf = (server: TinyDns): number => Number(server.address.split(":")[1]);
const DELEGATION = {
  "example.test/NS": ["ns1.test", "ns2.test"],
  "ns1.test/A": ["127.0.0.1"],
  "ns2.test/A": ["127.0.0.1"],
};

test("each server of the domain's zone is asked, at its own port, for names below it without a search of their own", async () => {
  const zone = await dns({
    "example.test/MX": [{ preference: 10, exchange: "Mail.Example.test" }],
    "_imaps._tcp.example.test/SRV": [{ priority: 0, weight: 1, port: 993, target: "mail.example.test" }],
  });
  const resolver = await dns(DELEGATION, () => ({ flags: 0 }));
  const view = openAuthoritativeView(resolveBy(resolver), { port: portOf(zone), allowPrivate: true });
  const mx = { state: "found", data: ["10 mail.example.test"] };
  expect(await view.ask("example.test", "example.test", "MX")).toEqual([
    { server: `ns1.test ${zone.address}`, resolution: mx },
    { server: `ns2.test ${zone.address}`, resolution: mx },
  ]);
  const before = resolver.questions.length;
  expect((await view.ask("example.test", "_imaps._tcp.example.test", "SRV"))[0]?.resolution).toMatchObject({
    data: ["0 1 993 mail.example.test"],
  });
  expect((await view.ask("example.test", "autoconfig.example.test", "A"))[0]?.resolution).toEqual({
    state: "absent",
    isNoName: true,
  });
  expect(resolver.questions.length).toBe(before);
});

test("a given server answers for every zone", async () => {
  const zone = await dns({ "example.test/MX": [{ preference: 10, exchange: "mail.example.test" }] });
  const view = openAuthoritativeView(noResolver, { authoritative: zone.address });
  expect(await view.ask("example.test", "example.test", "MX")).toEqual([
    { server: zone.address, resolution: { state: "found", data: ["10 mail.example.test"] } },
  ]);
});

test("an answer without authority, or a refusal, is unknown, not absent", async () => {
  const lame = await dns({ "example.test/MX": [{ preference: 10, exchange: "mail.example.test" }] }, () => ({
    flags: 0,
  }));
  const refusing = await dns({}, () => ({ flags: REFUSED }));
  for (const [server, reason] of [
    [lame, "it does not hold the zone"],
    [refusing, "the resolver said REFUSED"],
  ] as const) {
    const view = openAuthoritativeView(noResolver, { authoritative: server.address });
    expect(await view.ask("example.test", "example.test", "MX")).toMatchObject([
      { resolution: { state: "unknown", reason } },
    ]);
  }
});

test("a server at an address that is not public is asked only where that is allowed", async () => {
  const zone = await dns({});
  const resolver = await dns(DELEGATION, () => ({ flags: 0 }));
  const view = openAuthoritativeView(resolveBy(resolver), { port: portOf(zone) });
  expect(await view.ask("example.test", "example.test", "MX")).toMatchObject([
    { server: "ns1.test", resolution: { state: "unknown", reason: "it has no public address" } },
    { server: "ns2.test", resolution: { state: "unknown" } },
  ]);
  expect(zone.questions).toEqual([]);
});

test("a rule leads to a server wherever it listens, also to one without an address", async () => {
  const zones = await Promise.all(
    ["first", "second"].map((host) =>
      dns({ "example.test/MX": [{ preference: 10, exchange: `${host}.test` }] }),
    ),
  );
  const resolver = await dns({ "example.test/NS": ["ns1.test", "ns2.test"] }, () => ({ flags: 0 }));
  const view = openAuthoritativeView(resolveBy(resolver), {
    connectTo: (host, port) => {
      const zone = port === 53 ? zones[host === "ns1.test" ? 0 : 1] : undefined;
      return zone === undefined ? undefined : { host: "127.0.0.1", port: portOf(zone) };
    },
  });
  const answers = await view.ask("example.test", "example.test", "MX");
  expect(answers.map(({ resolution }) => resolution)).toEqual([
    { state: "found", data: ["10 first.test"] },
    { state: "found", data: ["10 second.test"] },
  ]);
});

test("a server without an address says so, and one whose address cannot be looked up says why", async () => {
  const resolver = await dns({ "example.test/NS": ["ns1.test", "ns2.test"] }, ({ question }) => ({
    flags: question.name === "ns2.test" ? 2 : 0,
  }));
  const view = openAuthoritativeView(resolveBy(resolver), { allowPrivate: true });
  expect(await view.ask("example.test", "example.test", "MX")).toEqual([
    { server: "ns1.test", resolution: { state: "unknown", reason: "it has no address" } },
    { server: "ns2.test", resolution: { state: "unknown", reason: "the resolver said SERVFAIL" } },
  ]);
});

test("servers that cannot be found are one unknown answer, and nothing throws", async () => {
  const resolver = await dns({}, () => ({ flags: 0 }));
  const view = openAuthoritativeView(resolveBy(resolver));
  expect(await view.ask("example.test", "example.test", "MX")).toEqual([
    {
      server: "name servers of example.test",
      resolution: { state: "unknown", reason: "No zone with name servers holds example.test." },
    },
  ]);
});

test("a resolver that gives no answer is the reason why there is none", async () => {
  const resolver = await dns({}, () => ({ flags: 2 }));
  expect(await openAuthoritativeView(resolveBy(resolver)).ask("example.test", "example.test", "MX")).toEqual([
    {
      server: "name servers of example.test",
      resolution: { state: "unknown", reason: "the resolver said SERVFAIL" },
    },
  ]);
});
