import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ACCOUNT, codesOf, runApi } from "./run-api.ts";

const THEIRS = {
  zone: "example.test",
  records: [{ type: "A", name: "@", content: "192.0.2.1", proxied: true }],
  routes: [
    { pattern: "example.test/*", script: "their-worker" },
    { pattern: "autoconfig.example.test/*", script: "their-worker" },
    { pattern: "off.example.test/*" },
  ],
  customDomains: [{ hostname: "shop.example.test", service: "their-shop" }],
  scripts: ["their-idle-worker"],
} as const;

describe("what somebody else made before", () => {
  it("routes, custom domains and their scripts stand in the way of ours", async () => {
    await using run = await runApi({ preload: [THEIRS] });
    const zone_id = run.zoneId("example.test");
    const account_id = ACCOUNT;
    const routes = (await run.client.workers.routes.list({ zone_id })).result;
    expect(routes.map(({ pattern, script }) => [pattern, script])).toEqual([
      ["example.test/*", "their-worker"],
      ["autoconfig.example.test/*", "their-worker"],
      ["off.example.test/*", undefined],
    ]);
    expect([...run.api.store.scripts().keys()]).toEqual(["their-idle-worker", "their-shop", "their-worker"]);
    const taken = { zone_id, pattern: "autoconfig.example.test/*", script: "their-idle-worker" };
    expect(await codesOf(run.client.workers.routes.create(taken))).toEqual([10020]);
    const attach = run.client.workers.domains.update({
      account_id,
      zone_id,
      hostname: "shop.example.test",
      service: "their-worker",
    });
    expect(await codesOf(attach)).toEqual([100116]);
    expect(run.api.store.records(zone_id).map(({ name, type }) => `${name}/${type}`)).toEqual([
      "example.test/A",
      "shop.example.test/AAAA",
    ]);
  });

  it("is loaded at the zone's first creation only", async () => {
    await using first = await runApi({ zones: [], preload: [THEIRS] });
    const text = await readFile(first.stateFile, "utf8");
    await using second = await runApi({ zones: [], preload: [THEIRS], stateFile: first.stateFile });
    expect(await readFile(second.stateFile, "utf8")).toBe(text);
  });

  it("is named where the service would refuse it", async () => {
    const refused = (extra: object): Promise<unknown> =>
      runApi({ preload: [{ zone: "example.test", records: [], ...extra }] });
    await expect(refused({ routes: [{ pattern: "example.net/*" }] })).rejects.toMatchObject({
      code: "invalid-config",
      message: expect.stringContaining("Cannot preload route example.net/* into zone example.test"),
    });
    const customDomains = [{ hostname: "www.example.net", service: "x" }];
    await expect(refused({ customDomains })).rejects.toMatchObject({
      message: expect.stringContaining("Cannot preload custom domain www.example.net"),
    });
  });
});

describe("a zone of another account", () => {
  const FOREIGN = {
    zone: "other.test",
    account: "other",
    records: [{ type: "A", name: "www", content: "192.0.2.9", proxied: true }],
  } as const;

  it("is part of the world, and the token neither lists nor reads nor changes it", async () => {
    await using run = await runApi({ zones: ["example.test"], preload: [FOREIGN] });
    const listed = (await run.client.zones.list()).result.map(({ name }) => name);
    expect(listed).toEqual(["example.test"]);
    const zone_id = run.zoneId("other.test");
    expect(run.api.store.zones().find(({ id }) => id === zone_id)).toMatchObject({ isForeign: true });
    expect(run.api.store.records(zone_id)).toHaveLength(1);
    expect(await codesOf(run.client.zones.get({ zone_id }))).toEqual([9109]);
    const record = { zone_id, type: "A", name: "x", content: "192.0.2.1", ttl: 60 } as const;
    expect(await codesOf(run.client.dns.records.create(record))).toEqual([9109]);
  });

  it("takes no custom domain, and its names can be relative ones in ours", async () => {
    await using run = await runApi({
      preload: [FOREIGN, { zone: "example.test", records: [], scripts: ["ours"] }],
    });
    const domain = { account_id: ACCOUNT, hostname: "www.other.test", service: "ours" };
    expect(await codesOf(run.client.workers.domains.update(domain))).toEqual([100114]);
    const zone_id = run.zoneId("example.test");
    const made = await run.client.dns.records.create({
      zone_id,
      type: "TXT",
      name: "www.other.test",
      content: "x",
      ttl: 60,
    });
    expect(made.name).toBe("www.other.test.example.test");
  });
});
