import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, codesOf, runApi, type RunningApi } from "./run-api.ts";

let run: RunningApi;

beforeAll(async () => {
  run = await runApi({
    zones: ["free.test"],
    preload: [
      { zone: "pro.test", plan: "pro", records: [{ type: "A", name: "www", content: "192.0.2.1" }] },
      { zone: "big.test", plan: "enterprise", records: [] },
      { zone: "small.test", recordQuota: 2, records: [{ type: "A", name: "www", content: "192.0.2.1" }] },
    ],
  });
});
afterAll(async () => run[Symbol.asyncDispose]());

let count = 0;
const create = (zone: string, fields: object): Promise<unknown> => {
  count += 1;
  const base = { type: "A", name: `host${String(count)}`, content: "192.0.2.7", ttl: 300 };
  return run.client.dns.records.create({ zone_id: run.zoneId(zone), ...base, ...fields } as never);
};
const usage = (zone: string): Promise<unknown> =>
  run.client.dns.usage.zone.get({ zone_id: run.zoneId(zone) });

describe("a zone shows its plan", () => {
  it.each([
    ["free.test", "free"],
    ["pro.test", "pro"],
    ["big.test", "enterprise"],
  ])("%s is %s", async (name, plan) => {
    const zone = await run.client.zones.get({ zone_id: run.zoneId(name) });
    expect(zone.plan).toMatchObject({ legacy_id: plan, is_subscribed: plan !== "free" });
  });
});

describe("records", () => {
  it("are counted against the plan's quota, or the zone's own", async () => {
    expect(await usage("pro.test")).toEqual({ record_quota: 3_500, record_usage: 1 });
    expect(await usage("free.test")).toMatchObject({ record_quota: 200 });
    expect(await usage("small.test")).toEqual({ record_quota: 2, record_usage: 1 });
  });

  it("over the quota are refused with 81045, and fit again after a deletion in the same batch", async () => {
    await create("small.test", {});
    expect(await codesOf(create("small.test", {}))).toEqual([81045]);
    const zone_id = run.zoneId("small.test");
    const [first] = run.api.store.records(zone_id);
    await run.client.dns.records.batch({
      zone_id,
      deletes: [{ id: first?.id ?? "" }],
      posts: [{ type: "TXT", name: "again", content: "x", ttl: 60 }],
    });
    expect(await usage("small.test")).toEqual({ record_quota: 2, record_usage: 2 });
  });

  it("beyond 200 fit a paid zone, in one batch", async () => {
    const posts = Array.from({ length: 201 }, (_, index) => ({
      type: "TXT" as const,
      name: `r${String(index)}`,
      content: "x",
      ttl: 60,
    }));
    expect(await codesOf(run.client.dns.records.batch({ zone_id: run.zoneId("free.test"), posts }))).toEqual([
      1004,
    ]);
    await run.client.dns.records.batch({ zone_id: run.zoneId("pro.test"), posts });
    expect(await usage("pro.test")).toMatchObject({ record_quota: 3_500, record_usage: 202 });
  });
});

describe("what depends on the plan", () => {
  it.each<[string, object, string, string, readonly number[]]>([
    ["a comment of 101 characters", { comment: "x".repeat(101) }, "free.test", "pro.test", [1004, 9313]],
    ["a tag", { tags: ["owner:mail"] }, "free.test", "pro.test", [1004, 9300]],
    ["a TTL of 30 seconds", { ttl: 30 }, "pro.test", "big.test", [1004, 9021]],
    [
      "a flattened CNAME",
      { type: "CNAME", content: "x.example.net", settings: { flatten_cname: true } },
      "free.test",
      "pro.test",
      [1004, 9310],
    ],
  ])("%s", async (_title, fields, refusing, allowing, codes) => {
    expect(await codesOf(create(refusing, fields))).toEqual(codes);
    expect(await create(allowing, fields)).toMatchObject(fields);
  });

  it("a comment of 501 characters and a 21st tag are refused on every plan", async () => {
    expect(await codesOf(create("big.test", { comment: "x".repeat(501) }))).toEqual([1004, 9313]);
    const tags = Array.from({ length: 21 }, (_, index) => `t${String(index)}:x`);
    expect(await codesOf(create("big.test", { tags }))).toEqual([1004, 9300]);
    expect(await codesOf(create("big.test", { tags: ["no space:x"] }))).toEqual([1004, 9301]);
  });

  it("tags are kept through a PATCH, and filter a list", async () => {
    const made = (await create("big.test", { tags: ["owner:mail", "team:ops"] })) as {
      id: string;
      name: string;
    };
    const zone_id = run.zoneId("big.test");
    const edited = await run.client.dns.records.edit(made.id, { zone_id, ttl: 600 } as never);
    expect(edited.tags).toEqual(["owner:mail", "team:ops"]);
    const list = async (tag: object): Promise<readonly string[]> =>
      (await run.client.dns.records.list({ zone_id, tag })).result.map(({ name }) => name);
    expect(await list({ present: "team" })).toEqual([made.name]);
    expect(await list({ exact: "owner:mail" })).toEqual([made.name]);
    expect(await list({ exact: "owner:web" })).toEqual([]);
    expect(await list({ absent: "team" })).not.toContain(made.name);
  });
});

it("the state of a former version, without plans, loads as free and keeps its bytes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudflare-state-"));
  const stateFile = join(folder, "cloudflare.json");
  const zone = {
    id: "a".repeat(32),
    name: "example.test",
    createdOn: "2026-01-01T00:00:00.000000Z",
    modifiedOn: "2026-01-01T00:00:00.000000Z",
    settings: {},
    records: [
      {
        id: "b".repeat(32),
        type: "A",
        name: "www.example.test",
        content: "192.0.2.1",
        ttl: 1,
        proxied: false,
        settings: {},
        comment: null,
        createdOn: "2026-01-01T00:00:00.000000Z",
        modifiedOn: "2026-01-01T00:00:00.000000Z",
      },
    ],
    routes: [],
  };
  const state = {
    version: 1,
    accountId: ACCOUNT,
    zones: [zone],
    scripts: [],
    kvNamespaces: [],
    customDomains: [],
  };
  const text = `${JSON.stringify(state, undefined, 2)}\n`;
  await writeFile(stateFile, text);
  {
    await using former = await runApi({ stateFile, zones: ["example.test"] });
    const shown = await former.client.zones.get({ zone_id: zone.id });
    expect(shown.plan).toMatchObject({ legacy_id: "free" });
    const [record] = (await former.client.dns.records.list({ zone_id: zone.id })).result;
    expect(record).toMatchObject({ name: "www.example.test", tags: [] });
  }
  expect(await readFile(stateFile, "utf8")).toBe(text);
  await rm(folder, { recursive: true });
});
