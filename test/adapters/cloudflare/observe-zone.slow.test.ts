import { describe, expect, test } from "vitest";
import type { StoredRecord } from "../../../infra/sandbox/cloudflare-api/stored-state.ts";
import { observeZones, type Zone } from "../../../src/adapters/cloudflare/cloudflare-api.ts";
import { observeCustomDomains, observeZone } from "../../../src/adapters/cloudflare/observe-zone.ts";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import { ACCOUNT, runApi, type RunningApi } from "../../infra/sandbox/cloudflare-api/run-api.ts";

const LIST = "GET /zones/:zone/dns_records";

async function zoneOf(api: RunningApi, name = "example.test"): Promise<Zone> {
  const zone = (await observeZones(api.client)).find((candidate) => candidate.name === name);
  if (zone === undefined) throw new Error(`no zone ${name}`);
  return zone;
}

/** Puts so many records into the zone at once: one request each would take minutes. */
function fill({ api, zoneId }: Pick<RunningApi, "api" | "zoneId">, count: number): void {
  const at = "2026-01-01T00:00:00.000000Z";
  const records = Array.from({ length: count }, (_, index): StoredRecord => {
    const id = index.toString(16).padStart(32, "0");
    const name = `host-${index}.example.test`;
    const value = { type: "A", content: "192.0.2.1", ttl: 1, proxied: false, settings: {}, comment: null };
    return { id, name, ...value, createdOn: at, modifiedOn: at };
  });
  api.store.updateZone(zoneId("example.test"), () => ({ records }));
}

describe("the records of a zone", () => {
  test("are read in pages of 5,000, each record once", async () => {
    await using api = await runApi({ preload: [{ zone: "example.test", records: [], recordQuota: 20_000 }] });
    fill(api, 10_001);
    const { records, recordQuota } = await observeZone(api.client, await zoneOf(api));
    expect(records).toHaveLength(10_001);
    expect(new Set(records.map(({ id }) => id)).size).toBe(10_001);
    expect(recordQuota).toBe(20_000);
    expect(api.api.requests.byRoute[LIST]).toBe(3);
  });

  test("that fill a page to the last take no request more", async () => {
    await using api = await runApi({ preload: [{ zone: "example.test", records: [], recordQuota: 20_000 }] });
    fill(api, 5_000);
    const { records } = await observeZone(api.client, await zoneOf(api));
    expect(records).toHaveLength(5_000);
    expect(api.api.requests.byRoute[LIST]).toBe(1);
  });

  test("come in the API's own text, with components and comment where there are any", async () => {
    const data = { priority: 5, weight: 1, port: 993, target: "mail.example.test" };
    await using api = await runApi({
      preload: [
        {
          zone: "example.test",
          records: [
            { type: "A", name: "WWW", content: "192.0.2.1", proxied: true, comment: "web team" },
            { type: "TXT", name: "@", content: '"v=spf1 " "-all"', ttl: 600 },
            { type: "SRV", name: "_imaps._tcp", data },
            { type: "MX", name: "@", content: "mail.example.test", priority: 10 },
          ],
        },
      ],
    });
    const { records } = await observeZone(api.client, await zoneOf(api));
    const plain = { ttl: 1, proxied: false, comment: undefined };
    expect(records.map(({ id: _id, ...record }) => record)).toMatchObject([
      { ...plain, type: "A", name: "www.example.test", proxied: true, comment: "web team" },
      { ...plain, type: "TXT", name: "example.test", content: '"v=spf1 " "-all"', ttl: 600 },
      { ...plain, type: "SRV", content: "1 993 mail.example.test", priority: 5, data },
      { ...plain, type: "MX", content: "mail.example.test", priority: 10 },
    ]);
  });
});

test("routes are read with their script, and without one where Workers are off", async () => {
  const routes = [
    { pattern: "example.test/*", script: "shop" },
    { pattern: "www.example.test/*", script: undefined },
  ];
  await using api = await runApi({ preload: [{ zone: "example.test", records: [], routes }] });
  const zone = await observeZone(api.client, await zoneOf(api));
  expect(zone.routes.map(({ id: _id, ...route }) => route)).toEqual(routes);
});

test("custom domains are one request for the account, and each zone has its own", async () => {
  await using api = await runApi({
    preload: [
      {
        zone: "example.test",
        records: [],
        customDomains: [{ hostname: "shop.example.test", service: "shop" }],
      },
      { zone: "example.com", records: [], customDomains: [{ hostname: "example.com", service: "blog" }] },
    ],
  });
  const customDomains = await observeCustomDomains(api.client, ACCOUNT);
  const observed = await observeZone(api.client, await zoneOf(api), { customDomains });
  expect(observed.customDomains).toMatchObject([{ hostname: "shop.example.test", service: "shop" }]);
  expect(observed.customDomains).toHaveLength(1);
  expect(observed.records).toMatchObject([{ name: "shop.example.test", content: "100::", proxied: true }]);
  expect(api.api.requests.byRoute["GET /accounts/:account/workers/domains"]).toBe(1);
});

test("the plan is the zone's", async () => {
  await using api = await runApi({ preload: [{ zone: "example.test", records: [], plan: "pro" }] });
  expect(await observeZone(api.client, await zoneOf(api))).toMatchObject({ plan: "pro" });
});

describe("the record quota", () => {
  test.each([
    { records: 150, expectedRecords: 49, asked: 0, quota: undefined },
    { records: 150, expectedRecords: 50, asked: 1, quota: 1000 },
    { records: 200, expectedRecords: undefined, asked: 1, quota: 1000 },
  ])("of a zone with $records records and $expectedRecords more is asked for $asked times", async (given) => {
    await using api = await runApi({ preload: [{ zone: "example.test", records: [], recordQuota: 1000 }] });
    fill(api, given.records);
    const zone = await zoneOf(api);
    const before = api.api.requests.total;
    const { expectedRecords } = given;
    const { recordQuota } = await observeZone(api.client, zone, { expectedRecords });
    expect(recordQuota).toBe(given.quota);
    // Beside the records and the routes.
    expect(api.api.requests.total - before - 2).toBe(given.asked);
  });

  test("that the token may not see is unknown, and no failure", async () => {
    await using api = await runApi();
    fill(api, 200);
    api.api.failNext({ status: 403, code: 10000, times: 1, match: { path: /\/usage$/ } });
    const zone = await observeZone(api.client, await zoneOf(api));
    expect(zone.recordQuota).toBeUndefined();
    expect(zone.records).toHaveLength(200);
  });
});

describe("a zone that cannot be read", () => {
  test.each([
    { status: 403, path: /dns_records/, code: "cloudflare-token-refused", retryable: false },
    { status: 403, path: /workers\/routes/, code: "cloudflare-token-refused", retryable: false },
    { status: 429, path: /dns_records/, code: "cloudflare-rate-limited", retryable: true },
    { status: 500, path: /dns_records/, code: "cloudflare-unavailable", retryable: true },
    { status: 503, path: /workers\/routes/, code: "cloudflare-unavailable", retryable: true },
  ])("for $status at $path.source is $code", async ({ status, path, code, retryable }) => {
    await using api = await runApi();
    const zone = await zoneOf(api);
    api.api.failNext({ status, retryAfterSeconds: 7, times: 1, match: { path } });
    const error: unknown = await observeZone(api.client, zone).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MailAutodiscoverError);
    expect(error).toMatchObject({ code, retryable });
    expect((error as MailAutodiscoverError).message).toContain(
      `could not read the zone example.test: HTTP ${status}`,
    );
  });

  test("in its second page is not taken for one of a single page", async () => {
    await using api = await runApi();
    fill(api, 5_001);
    const zone = await zoneOf(api);
    const client = api.client.withOptions({
      fetch: (input, init) => {
        if (new Request(input).url.includes("page=2")) api.api.failNext({ status: 503, times: 1 });
        return fetch(input, init);
      },
    });
    await expect(observeZone(client, zone)).rejects.toMatchObject({ code: "cloudflare-unavailable" });
    expect(api.api.requests.byRoute[LIST]).toBe(2);
  });

  test("says how long to wait where a rate limit is reached", async () => {
    await using api = await runApi();
    const zone = await zoneOf(api);
    api.api.failNext({ status: 429, retryAfterSeconds: 42, times: 1, match: { path: /dns_records/ } });
    await expect(observeZone(api.client, zone)).rejects.toMatchObject({
      remedy: expect.stringContaining("Run again in 42 seconds"),
    });
  });

  test("because the account's custom domains are refused, names them", async () => {
    await using api = await runApi();
    api.api.failNext({ status: 403, code: 10000, times: 1, match: { path: /workers\/domains/ } });
    await expect(observeCustomDomains(api.client, ACCOUNT)).rejects.toMatchObject({
      code: "cloudflare-token-refused",
      message: expect.stringContaining("could not list the custom domains of Workers"),
    });
  });
});
