import { afterEach, expect, test } from "vitest";
import { openWorldResolver } from "../../src/adapters/world-resolver.ts";
import { openZoneServers, type ZoneServersOptions } from "../../src/adapters/zone-servers.ts";
import type { Resolution } from "../../src/clients/world.ts";
import { startTinyDns, type TinyDns, type TinyTwist } from "../certificates/tiny-dns.ts";

const opened: TinyDns[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function serve(
  records: Record<string, readonly unknown[]>,
  twist?: TinyTwist,
): Promise<{ readonly address: string; readonly port: number }> {
  const dns = await startTinyDns(new Map(Object.entries(records)), twist);
  opened.push(dns);
  return { address: dns.address, port: Number(dns.address.split(":")[1]) };
}

const ZONE = {
  "example.com/NS": ["ns1.example.net", "ns2.example.net"],
  "ns1.example.net/A": ["127.0.0.1"],
  "ns2.example.net/A": ["127.0.0.1"],
  "autoconfig.example.com/A": ["192.0.2.1"],
};

/** One server is resolver and zone's server at once. */
async function open(
  records: Record<string, readonly unknown[]>,
  options: Partial<ZoneServersOptions> = {},
  twist?: TinyTwist,
): Promise<ReturnType<typeof openZoneServers>> {
  const { address, port } = await serve(records, twist);
  const resolve = openWorldResolver({ resolver: address });
  return openZoneServers({ resolve, port, allowPrivate: true, ...options });
}

test("every server of the closest zone is asked", async () => {
  const { ask } = await open(ZONE);
  const answers = await ask("autoconfig.example.com", "A");
  expect(answers.map(({ server }) => server.split(" ")[0])).toEqual(["ns1.example.net", "ns2.example.net"]);
  for (const { resolution } of answers) expect(resolution).toEqual({ state: "found", data: ["192.0.2.1"] });
});

test("a delegated name's own servers are asked, not its parent's", async () => {
  const { ask } = await open({
    ...ZONE,
    "dept.example.com/NS": ["ns3.example.net"],
    "ns3.example.net/A": ["127.0.0.1"],
  });
  const answers = await ask("autoconfig.dept.example.com", "A");
  expect(answers.map(({ server }) => server.split(" ")[0])).toEqual(["ns3.example.net"]);
});

test("of a server with two addresses the one that answers counts", async () => {
  const { ask } = await open({ ...ZONE, "ns1.example.net/AAAA": ["::1"] });
  const answers = await ask("autoconfig.example.com", "A");
  expect(answers.map(({ resolution }) => resolution.state)).toEqual(["found", "found"]);
});

test("one server that answers for every zone takes their place", async () => {
  const { address } = await serve({ "autoconfig.example.com/A": ["192.0.2.7"] });
  const { ask } = await open({}, { authoritative: address });
  expect(await ask("autoconfig.example.com", "A")).toEqual([
    { server: address, resolution: { state: "found", data: ["192.0.2.7"] } },
  ]);
});

const states = async (asked: Promise<readonly { readonly resolution: Resolution }[]>): Promise<string[]> =>
  (await asked).map(({ resolution }) => resolution.state);

test.each([
  { what: "no servers are found", records: {}, options: {} },
  { what: "their addresses are not public", records: ZONE, options: { allowPrivate: false } },
])("where $what the one answer is unknown", async ({ records, options }) => {
  const { ask } = await open(records, options);
  expect(await states(ask("autoconfig.example.com", "A"))).toEqual(["unknown"]);
});

test("a server that has the answer from somebody else is no server of the zone: unknown", async () => {
  const { ask } = await open(ZONE, {}, () => ({ flags: 0 }));
  expect(await states(ask("autoconfig.example.com", "A"))).toEqual(["unknown", "unknown"]);
});
