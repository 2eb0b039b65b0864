import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, codesOf, runApi, type RunningApi } from "./run-api.ts";

let run: RunningApi;
let zone_id: string;

beforeAll(async () => {
  run = await runApi({
    preload: [
      {
        zone: "example.test",
        records: [
          { type: "NS", name: "delegated", content: "ns1.example.net" },
          { type: "A", name: "host", content: "192.0.2.1" },
          { type: "TXT", name: "text", content: '"x"' },
          { type: "MX", name: "mx", content: "mail.example.test", priority: 10 },
          { type: "TXT", name: "@", content: '"v=spf1 -all"' },
        ],
        customDomains: [{ hostname: "worker.example.test", service: "their-worker" }],
      },
    ],
  });
  zone_id = run.zoneId("example.test");
});
afterAll(async () => run[Symbol.asyncDispose]());

const create = (fields: object): Promise<unknown> =>
  run.client.dns.records.create({ zone_id, ttl: 300, ...fields } as never);

describe("refused beside what is there", () => {
  it.each<[string, object, number]>([
    ["an address at a delegation", { type: "A", name: "delegated", content: "192.0.2.1" }, 81056],
    ["an alias at a delegation", { type: "CNAME", name: "delegated", content: "x.example.net" }, 81056],
    ["a delegation at an address", { type: "NS", name: "host", content: "ns1.example.net" }, 81055],
    ["an address at a Worker's custom domain", { type: "A", name: "worker", content: "192.0.2.1" }, 81062],
    ["an alias at a Worker's custom domain", { type: "CNAME", name: "worker", content: "x.test" }, 81062],
  ])("%s", async (_title, fields, code) => {
    expect(await codesOf(create(fields))).toEqual([code]);
  });

  it("more than 8,192 characters of one name and type, and a text of more than 4,096 octets", async () => {
    const text = (letter: string): object => ({
      type: "TXT",
      name: "long",
      content: `"${Array(10).fill(letter.repeat(250)).join('" "')}"`,
    });
    await create(text("a"));
    await create(text("b"));
    await create(text("c"));
    expect(await codesOf(create(text("d")))).toEqual([81059]);
    const content = `"${Array(17).fill("x".repeat(250)).join('" "')}"`;
    expect(await codesOf(create({ type: "TXT", name: "longer", content }))).toEqual([1004, 9207]);
  });

  it("any change of the record that a custom domain brought", async () => {
    const record = run.api.store.records(zone_id).find(({ name }) => name === "worker.example.test");
    const id = record?.id ?? "";
    const body = { zone_id, type: "AAAA", name: "worker", content: "100::", ttl: 1 } as const;
    expect(await codesOf(run.client.dns.records.update(id, body))).toEqual([1043]);
    expect(await codesOf(run.client.dns.records.edit(id, body))).toEqual([1043]);
    expect(await run.client.dns.records.get(id, { zone_id })).toMatchObject({ meta: { read_only: true } });
  });
});

describe("allowed, as the service does, though a standard or common sense does not", () => {
  it.each<[string, object]>([
    ["an alias beside a text", { type: "CNAME", name: "text", content: "x.example.net" }],
    ["an alias beside a mail exchanger", { type: "CNAME", name: "mx", content: "x.example.net" }],
    ["a text at a delegation", { type: "TXT", name: "delegated", content: '"x"' }],
    ["a text at a Worker's custom domain", { type: "TXT", name: "worker", content: '"x"' }],
    ["a second SPF policy", { type: "TXT", name: "@", content: '"v=spf1 mx -all"' }],
    ["name servers at the apex beside an address", { type: "NS", name: "@", content: "ns1.example.net" }],
    ["an address at the apex beside name servers", { type: "A", name: "@", content: "192.0.2.1" }],
  ])("%s", async (_title, fields) => {
    expect(await codesOf(create(fields))).toEqual([]);
  });

  it("an SRV record whose target is an alias, or proxied", async () => {
    await create({ type: "CNAME", name: "alias", content: "host.example.test", proxied: true });
    const data = { priority: 0, weight: 1, port: 443, target: "alias.example.test" };
    expect(await codesOf(create({ type: "SRV", name: "_autodiscover._tcp", data }))).toEqual([]);
  });
});

describe("Workers of somebody else", () => {
  const attach = (hostname: string): PromiseLike<unknown> =>
    run.client.workers.domains.update({ account_id: ACCOUNT, zone_id, hostname, service: "their-worker" });

  it("a custom domain comes over texts, but not over addresses and aliases", async () => {
    await create({ type: "TXT", name: "noted", content: '"x"' });
    await create({ type: "CNAME", name: "aliased", content: "x.example.net" });
    expect(await codesOf(attach("noted.example.test"))).toEqual([]);
    expect(await codesOf(attach("host.example.test"))).toEqual([100117]);
    expect(await codesOf(attach("aliased.example.test"))).toEqual([100117]);
  });
});
