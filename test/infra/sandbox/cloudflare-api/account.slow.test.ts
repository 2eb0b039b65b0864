import { readFile, stat } from "node:fs/promises";
import Cloudflare from "cloudflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, codesOf, runApi, TOKEN, type RunningApi } from "./run-api.ts";

let run: RunningApi;

beforeAll(async () => {
  run = await runApi();
});
afterAll(async () => run[Symbol.asyncDispose]());

describe("tokens", () => {
  it("verifies its token, for users and accounts", async () => {
    expect(await run.client.user.tokens.verify()).toMatchObject({ status: "active" });
    expect(await run.client.accounts.tokens.verify({ account_id: ACCOUNT })).toMatchObject({
      status: "active",
    });
  });

  it("refuses a wrong token with 401/1000 at verification and 403/10000 elsewhere", async () => {
    const stranger = { authorization: "Bearer wrong" };
    expect(await run.send("GET", "/user/tokens/verify", undefined, stranger)).toMatchObject({
      status: 401,
      body: { result: null, success: false, errors: [{ code: 1000 }] },
    });
    expect(await run.send("GET", "/zones", undefined, stranger)).toMatchObject({
      status: 403,
      body: { errors: [{ code: 10000, message: "Authentication error" }] },
    });
  });

  it("refuses a header that is no bearer token with 400/6003", async () => {
    const answer = await run.send("GET", "/zones", undefined, { authorization: "Basic eDp5" });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ code: 6003, error_chain: [{ code: 6111 }] }] },
    });
  });
});

describe("zones", () => {
  it("finds a zone by name and by id, and pages until an empty page", async () => {
    const found = await run.client.zones.list({ name: "example.test" });
    expect(found.result).toMatchObject([
      { name: "example.test", status: "active", plan: { legacy_id: "free" } },
    ]);
    const id = found.result[0]?.id ?? "";
    expect(await run.client.zones.get({ zone_id: id })).toMatchObject({ id, account: { id: ACCOUNT } });
    const all: string[] = [];
    for await (const zone of run.client.zones.list({ per_page: 5 })) all.push(zone.name);
    expect(all).toEqual(["example.com", "example.test"]);
    expect((await run.client.zones.list({ name: "example.net" })).result).toEqual([]);
  });

  it("tells an unknown zone (403/9109) from a malformed id (404/7003) and an unknown path (404)", async () => {
    expect(await run.send("GET", `/zones/${"0".repeat(32)}/dns_records`)).toMatchObject({
      status: 403,
      body: { errors: [{ code: 9109 }] },
    });
    expect(await run.send("GET", "/zones/example.test")).toMatchObject({
      status: 404,
      body: { errors: [{ code: 7003 }] },
    });
    expect(await run.send("GET", "/nowhere")).toMatchObject({ status: 404, body: { success: false } });
    expect(await run.send("GET", `/accounts/${"0".repeat(32)}/workers/scripts`)).toMatchObject({
      status: 403,
    });
  });

  it("shows settings, and what the owner changed", async () => {
    const zone_id = run.zoneId("example.test");
    const read = (): Promise<unknown> => run.client.zones.settings.get("always_use_https", { zone_id });
    expect(await read()).toMatchObject({ id: "always_use_https", value: "off" });
    await run.client.zones.settings.edit("always_use_https", { zone_id, value: "on" });
    expect(await read()).toMatchObject({ value: "on" });
    expect(run.api.store.zones().find(({ id }) => id === zone_id)?.alwaysUseHttps).toBe(true);
  });
});

describe("state", () => {
  it("outlives the process with the same ids and the same bytes, preloads once, and holds no token", async () => {
    await using first = await runApi({
      zones: ["b.test", "a.test"],
      preload: [{ zone: "a.test", records: [{ type: "A", name: "*", content: "192.0.2.1" }] }],
    });
    const zone_id = first.zoneId("a.test");
    const [wildcard] = first.api.store.records(zone_id);
    expect(wildcard?.name).toBe("*.a.test");
    await first.client.dns.records.delete(wildcard?.id ?? "", { zone_id });
    const text = await readFile(first.stateFile, "utf8");
    const { mtimeMs } = await stat(first.stateFile);
    await using second = await runApi({
      zones: ["a.test"],
      preload: [{ zone: "a.test", records: [{ type: "A", name: "*", content: "192.0.2.1" }] }],
      stateFile: first.stateFile,
    });
    expect(second.zoneId("a.test")).toBe(zone_id);
    expect(second.api.store.records(zone_id)).toEqual([]);
    expect(await readFile(first.stateFile, "utf8")).toBe(text);
    expect((await stat(first.stateFile)).mtimeMs).toBeGreaterThanOrEqual(mtimeMs);
    expect(text).not.toContain(TOKEN);
  });

  it("names the preloaded record that the service would refuse", async () => {
    const records = [{ type: "A", name: "www", content: "nonsense" }];
    await expect(runApi({ preload: [{ zone: "a.test", records }] })).rejects.toMatchObject({
      code: "invalid-config",
      message: "Cannot preload www/A into zone a.test: Content for A record must be a valid IPv4 address.",
    });
  });

  it("refuses the state of another account, and a port that is taken", async () => {
    const other = { stateFile: run.stateFile, accountId: "f".repeat(32) };
    await expect(runApi(other)).rejects.toMatchObject({ code: "state-unreadable" });
    const port = Number(new URL(run.api.url).port);
    await expect(runApi({ port })).rejects.toMatchObject({ code: "port-taken" });
  });

  it("tells subscribers of a change after it is stored", async () => {
    const seen: number[] = [];
    const zone_id = run.zoneId("example.com");
    const stop = run.api.store.subscribe(() => seen.push(run.api.store.records(zone_id).length));
    await run.client.dns.records.create({ zone_id, type: "TXT", name: "seen", content: "x", ttl: 60 });
    stop();
    await run.client.dns.records.create({ zone_id, type: "TXT", name: "unseen", content: "x", ttl: 60 });
    expect(seen).toEqual([1]);
  });
});

describe("faults on demand", () => {
  it("fails as often as asked, with retry-after, and then works", async () => {
    run.api.failNext({
      status: 429,
      retryAfterSeconds: 0,
      times: 2,
      match: { method: "GET", path: /^\/zones/ },
    });
    const answer = await run.send("GET", "/zones");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "0"]);
    const patient = new Cloudflare({ apiToken: TOKEN, baseURL: run.api.url, maxRetries: 1 });
    expect((await patient.zones.list()).result).toHaveLength(2);
  });

  it("can lose the answer of a change that was applied", async () => {
    const zone_id = run.zoneId("example.com");
    const create = (): PromiseLike<unknown> =>
      run.client.dns.records.create({ zone_id, type: "TXT", name: "lost", content: "x", ttl: 60 });
    run.api.failNext({ status: 502, times: 1, applied: true });
    await expect(create()).rejects.toMatchObject({ status: 502 });
    expect(await codesOf(create())).toEqual([81058]);
  });

  it("counts requests by route", async () => {
    const before = run.api.requests.byRoute["GET /zones"] ?? 0;
    await run.client.zones.list();
    expect(run.api.requests.byRoute["GET /zones"]).toBe(before + 1);
    expect(run.api.requests.total).toBeGreaterThan(before);
  });
});
