import { describe, expect, test } from "vitest";
import type { PreloadRecord, PreloadZone } from "../../../infra/sandbox/cloudflare-api/preload-zone.ts";
import {
  displaceRecords,
  restoreRecords,
  type KeptRecord,
} from "../../../src/adapters/cloudflare/cloudflare-displacement.ts";
import { observeZones } from "../../../src/adapters/cloudflare/cloudflare-api.ts";
import { observeZone } from "../../../src/adapters/cloudflare/observe-zone.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import { runApi, type RunningApi } from "../../infra/sandbox/cloudflare-api/run-api.ts";

const NAME = "autodiscover.example.test";
const OURS = ownershipComment({ project: "mail", stack: "prod" }, `example.test/CNAME/${NAME}`);
const BATCH = "POST /zones/:zone/dns_records/batch";
const STANDING: readonly PreloadRecord[] = [
  { type: "A", name: NAME, content: "192.0.2.1", proxied: true, comment: "web team" },
  { type: "A", name: NAME, content: "192.0.2.2", proxied: true },
  { type: "AAAA", name: NAME, content: "2001:db8::1", ttl: 600 },
];

interface Displaced extends AsyncDisposable {
  readonly running: RunningApi;
  readonly zoneId: string;
  /** The zone's records as they were when the plan was made. */
  readonly kept: readonly KeptRecord[];
  /** `type content`, sorted. */
  readonly stored: () => readonly string[];
}

async function open(records: readonly PreloadRecord[], zone: Partial<PreloadZone> = {}): Promise<Displaced> {
  const running = await runApi({ zones: [], preload: [{ zone: "example.test", records, ...zone }] });
  const zoneId = running.zoneId("example.test");
  const [first] = await observeZones(running.client);
  if (first === undefined) throw new Error("no zone");
  return {
    running,
    zoneId,
    kept: (await observeZone(running.client, first)).records,
    stored: () =>
      running.api.store
        .records(zoneId)
        .map(({ type, content }) => `${type} ${content}`)
        .toSorted(),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

const ALL = ["A 192.0.2.1", "A 192.0.2.2", "AAAA 2001:db8::1"];

describe("displacing records", () => {
  test("deletes them in one transaction, and nothing else", async () => {
    await using world = await open([...STANDING, { type: "TXT", name: NAME, content: "hello" }]);
    const addresses = world.kept.filter(({ type }) => type !== "TXT");
    await displaceRecords(world.running.client, world.zoneId, addresses);
    expect(world.stored()).toEqual(["TXT hello"]);
    expect(world.running.api.requests.byRoute[BATCH]).toBe(1);
  });

  test("of which one cannot be deleted deletes none", async () => {
    await using world = await open([], {
      customDomains: [{ hostname: NAME, service: "shop" }],
    });
    const text = await world.running.client.dns.records.create({
      zone_id: world.zoneId,
      type: "TXT",
      name: NAME,
      content: "hello",
      ttl: 1,
    });
    const kept: readonly KeptRecord[] = [
      { id: text.id, type: "TXT", name: NAME, content: "hello", ttl: 1, proxied: false },
      ...world.kept,
    ];
    await expect(displaceRecords(world.running.client, world.zoneId, kept)).rejects.toMatchObject({
      code: "cloudflare-refused",
      message: expect.stringContaining(`could not delete what stands at ${NAME}`),
    });
    expect(world.stored()).toEqual(["AAAA 100::", "TXT hello"]);
  });

  test("of which one was changed since the plan deletes none, and says both contents", async () => {
    await using world = await open(STANDING);
    const [, second] = world.kept;
    await world.running.client.dns.records.edit(second?.id ?? "", {
      zone_id: world.zoneId,
      type: "A",
      name: NAME,
      ttl: 1,
      content: "192.0.2.9",
    });
    await expect(displaceRecords(world.running.client, world.zoneId, world.kept)).rejects.toMatchObject({
      code: "record-changed",
      message: expect.stringContaining("A 192.0.2.9 stands where A 192.0.2.2 stood"),
      remedy: expect.stringContaining("nothing was deleted"),
    });
    expect(world.stored()).toEqual(["A 192.0.2.1", "A 192.0.2.9", "AAAA 2001:db8::1"]);
  });

  test("that are gone already, in part or all, is done", async () => {
    await using world = await open(STANDING);
    const [first] = world.kept;
    await world.running.client.dns.records.delete(first?.id ?? "", { zone_id: world.zoneId });
    await displaceRecords(world.running.client, world.zoneId, world.kept);
    expect(world.stored()).toEqual([]);
    await displaceRecords(world.running.client, world.zoneId, world.kept);
    expect(world.running.api.requests.byRoute[BATCH]).toBe(1);
  });

  test("whose answer was lost is done at the second try", async () => {
    await using world = await open(STANDING);
    world.running.api.failNext({ status: 503, times: 1, applied: true, match: { path: /batch$/ } });
    const displace = (): Promise<void> => displaceRecords(world.running.client, world.zoneId, world.kept);
    await expect(displace()).rejects.toMatchObject({ code: "cloudflare-unavailable", retryable: true });
    await displace();
    expect(world.stored()).toEqual([]);
  });

  test("of nothing asks nothing", async () => {
    await using world = await open([]);
    const before = world.running.api.requests.total;
    await displaceRecords(world.running.client, world.zoneId, []);
    expect(world.running.api.requests.total).toBe(before);
  });
});

describe("restoring records", () => {
  const restore = ({ running, zoneId, kept }: Displaced): Promise<boolean> =>
    restoreRecords(running.client, zoneId, kept);

  test("makes them again as they stood, in one transaction", async () => {
    const srv = { priority: 1, weight: 2, port: 443, target: "host.example.net" };
    await using world = await open([
      ...STANDING,
      { type: "SRV", name: NAME, data: srv, comment: "old" },
      { type: "MX", name: NAME, content: "mx.example.net", priority: 7 },
      { type: "TXT", name: NAME, content: '"one" "two"', ttl: 120 },
    ]);
    await displaceRecords(world.running.client, world.zoneId, world.kept);
    expect(world.stored()).toEqual([]);
    expect(await restore(world)).toBe(true);
    const [zone] = await observeZones(world.running.client);
    const again = await observeZone(world.running.client, zone as NonNullable<typeof zone>);
    // All but the id and the time, which are new.
    const meaning = (records: readonly KeptRecord[]): unknown =>
      records.map(({ type, name, content, ttl, proxied, priority, data, comment }) => {
        return { type, name, content, ttl, proxied, priority, data, comment };
      });
    expect(meaning(again.records)).toEqual(meaning(world.kept));
    expect(world.running.api.requests.byRoute[BATCH]).toBe(2);
  });

  test("leaves what is there already, and makes only the rest", async () => {
    await using world = await open(STANDING);
    await displaceRecords(world.running.client, world.zoneId, world.kept.slice(0, 1));
    expect(await restore(world)).toBe(true);
    expect(world.stored()).toEqual(ALL);
    expect(await restore(world)).toBe(true);
    expect(world.stored()).toEqual(ALL);
  });

  test("changes nothing beside a record of ours, also where both could stand", async () => {
    await using world = await open(STANDING);
    await displaceRecords(world.running.client, world.zoneId, world.kept);
    await world.running.client.dns.records.create({
      zone_id: world.zoneId,
      type: "TXT",
      name: NAME,
      content: '"no autodiscover service"',
      ttl: 1,
      comment: OURS,
    });
    expect(await restore(world)).toBe(false);
    expect(world.stored()).toEqual(['TXT "no autodiscover service"']);
  });

  test("changes nothing beside an alias that somebody made since", async () => {
    await using world = await open(STANDING);
    await displaceRecords(world.running.client, world.zoneId, world.kept);
    await world.running.client.dns.records.create({
      zone_id: world.zoneId,
      type: "CNAME",
      name: NAME,
      content: "host.example.net",
      ttl: 1,
    });
    expect(await restore(world)).toBe(false);
    expect(world.stored()).toEqual(["CNAME host.example.net"]);
  });

  test("for which the zone has no room makes none", async () => {
    await using world = await open(STANDING, { recordQuota: 3 });
    await displaceRecords(world.running.client, world.zoneId, world.kept);
    await world.running.client.dns.records.create({
      zone_id: world.zoneId,
      type: "A",
      name: "www.example.test",
      content: "192.0.2.3",
      ttl: 1,
    });
    await expect(restore(world)).rejects.toMatchObject({
      code: "cloudflare-refused",
      message: expect.stringContaining("81045"),
    });
    expect(world.stored()).toEqual(["A 192.0.2.3"]);
  });
});
