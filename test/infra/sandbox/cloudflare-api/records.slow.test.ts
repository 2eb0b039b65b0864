import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codesOf, runApi, type RunningApi } from "./run-api.ts";

let run: RunningApi;
let zone_id: string;

beforeAll(async () => {
  run = await runApi();
  zone_id = run.zoneId("example.test");
});
afterAll(async () => run[Symbol.asyncDispose]());

const create = (fields: object): Promise<unknown> =>
  run.client.dns.records.create({ zone_id, ttl: 300, ...fields } as never);

describe("what a record becomes", () => {
  it.each([
    [
      "a relative name becomes an FQDN in lower case",
      { type: "A", name: "WWW", content: "192.0.2.1" },
      { name: "www.example.test", proxied: false, proxiable: true, comment: null, tags: [], settings: {} },
    ],
    ["@ is the apex", { type: "A", name: "@", content: "192.0.2.2" }, { name: "example.test" }],
    [
      "an IPv6 address is stored as RFC 5952 has it",
      { type: "AAAA", name: "six.example.test", content: "2001:DB8:0:0:0:0:0:1" },
      { content: "2001:db8::1" },
    ],
    [
      "a proxied record has the automatic TTL",
      { type: "AAAA", name: "autoconfig.example.test", content: "100::", proxied: true },
      { ttl: 1, proxied: true },
    ],
    [
      "a CNAME target loses case and trailing dot",
      { type: "CNAME", name: "autodiscover", content: "AutoConfig.example.test." },
      { content: "autoconfig.example.test", settings: { flatten_cname: false } },
    ],
    [
      "an SRV answers content without, and fields with, its priority",
      {
        type: "SRV",
        name: "_imaps._tcp.example.test",
        data: { priority: 10, weight: 5, port: 993, target: "mail.example.test" },
      },
      {
        content: "5 993 mail.example.test",
        priority: 10,
        proxiable: false,
        data: { priority: 10, weight: 5, port: 993, target: "mail.example.test" },
      },
    ],
    [
      "a null SRV keeps its dot",
      { type: "SRV", name: "_pop3._tcp", data: { priority: 0, weight: 0, port: 0, target: "." } },
      { content: "0 0 ." },
    ],
    [
      "CAA content is quoted",
      { type: "CAA", name: "example.test", data: { flags: "0", tag: "issue", value: "letsencrypt.org" } },
      { content: '0 issue "letsencrypt.org"', data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
    ],
    [
      "TLSA digests are in lower case",
      {
        type: "TLSA",
        name: "_25._tcp.mail",
        data: { usage: 3, selector: 1, matching_type: 1, certificate: "ABCDEF" },
      },
      { content: "3 1 1 abcdef" },
    ],
    [
      "TXT is stored as sent",
      { type: "TXT", name: "@", content: '"v=spf1 -all"  "x"' },
      { content: '"v=spf1 -all"  "x"' },
    ],
    [
      "MX answers in the form without data",
      { type: "MX", name: "@", content: "mail.example.test", priority: 10 },
      { content: "mail.example.test", priority: 10 },
    ],
    [
      "a type in lower case is answered in upper case",
      { type: "txt", name: "lower", content: "x" },
      { type: "TXT" },
    ],
  ])("%s", async (_title, fields, expected) => {
    expect(await create(fields)).toMatchObject(expected);
  });

  it("prefers data to content when both come in an update", async () => {
    const data = { priority: 0, weight: 1, port: 465, target: "mail.example.test" };
    const made = await run.client.dns.records.create({
      zone_id,
      type: "SRV",
      name: "_submissions._tcp.example.test",
      ttl: 300,
      data,
    });
    // As the provider sends it.
    const body = {
      type: "SRV",
      name: "_submissions._tcp.example.test",
      ttl: 300,
      tags: [],
      settings: {},
      comment: null,
      content: "1 465 mail.example.test",
      data: { ...data, port: 587 },
    };
    const changed = await run.client.dns.records.update(made.id, { zone_id, ...body } as never);
    expect(changed).toMatchObject({
      id: made.id,
      content: "1 587 mail.example.test",
      created_on: made.created_on,
    });
  });

  it("keeps the time of the last change of the comment", async () => {
    const made = await run.client.dns.records.create({
      zone_id,
      type: "A",
      name: "commented",
      content: "192.0.2.9",
      ttl: 300,
      comment: "ours",
    });
    expect(made.comment_modified_on).toBe(made.created_on);
    const edited = await run.client.dns.records.edit(made.id, { zone_id, ttl: 600 } as never);
    expect(edited).toMatchObject({
      ttl: 600,
      comment: "ours",
      comment_modified_on: made.comment_modified_on,
    });
  });
});

describe("what is refused", () => {
  const a = { type: "A", name: "refused", content: "192.0.2.1" };
  it.each<[string, object, readonly number[]]>([
    ["an A record without IPv4 address", { ...a, content: "2001:db8::1" }, [1004, 9005]],
    ["an AAAA record without IPv6 address", { ...a, type: "AAAA" }, [1004, 9006]],
    ["a proxied TXT", { ...a, type: "TXT", proxied: true }, [1004, 9041]],
    ["an SRV without data", { ...a, type: "SRV", content: "1 2 x" }, [1004, 9036]],
    ["a CAA without data", { ...a, type: "CAA", content: '0 issue "x"' }, [1004, 9036]],
    ["a TTL of 30 seconds", { ...a, ttl: 30 }, [1004, 9021]],
    ["a TTL above a day", { ...a, ttl: 86_401 }, [1004, 9021]],
    ["an unknown type", { ...a, type: "SPF" }, [1004, 9020]],
    ["an absolute name of elsewhere", { ...a, name: "www.example.net." }, [1004, 9000]],
    ["a name in another zone of the account", { ...a, name: "www.example.com" }, [1004, 9000]],
    ["an asterisk inside a name", { ...a, name: "a.*.example.test" }, [1004, 9000]],
    ["a comment over 100 characters", { ...a, comment: "x".repeat(101) }, [1004, 9313]],
    ["tags on a free zone", { ...a, tags: ["owner:me"] }, [1004, 9300]],
    ["an unknown field", { ...a, proxyed: true }, [9207]],
    ["a CNAME to itself", { ...a, type: "CNAME", content: "refused.example.test" }, [1004, 9039]],
    ["an MX without priority", { ...a, type: "MX", content: "mail.example.test" }, [1004, 9102]],
  ])("%s", async (_title, fields, codes) => {
    expect(await codesOf(create(fields))).toEqual(codes);
  });

  it("the same record twice, but not another value beside it", async () => {
    await create({ type: "TXT", name: "set", content: "one" });
    expect(await codesOf(create({ type: "TXT", name: "set", content: "two" }))).toEqual([]);
    expect(await codesOf(create({ type: "TXT", name: "set", content: "one", ttl: 60 }))).toEqual([81058]);
  });

  it("a CNAME over an address or a CNAME, and an address over a CNAME", async () => {
    await create({ type: "A", name: "host", content: "192.0.2.7" });
    await create({ type: "CNAME", name: "alias", content: "host.example.test" });
    expect(await codesOf(create({ type: "CNAME", name: "host", content: "x.example.net" }))).toEqual([81053]);
    expect(await codesOf(create({ type: "CNAME", name: "alias", content: "x.example.net" }))).toEqual([
      81053,
    ]);
    expect(await codesOf(create({ type: "A", name: "alias", content: "192.0.2.7" }))).toEqual([81054]);
  });

  it("reading, changing and deleting what is gone", async () => {
    const gone = "f".repeat(32);
    expect(await codesOf(run.client.dns.records.get(gone, { zone_id }))).toEqual([81044]);
    expect(await codesOf(run.client.dns.records.delete(gone, { zone_id }))).toEqual([81044]);
    const answer = await run.send("DELETE", `/zones/${zone_id}/dns_records/${gone}`);
    expect(answer.status).toBe(404);
  });
});

describe("lists and batches", () => {
  it("answers an empty page past the end, so that reading all pages ends", async () => {
    const names: string[] = [];
    for await (const record of run.client.dns.records.list({ zone_id, per_page: 5 })) names.push(record.name);
    expect(names).toHaveLength(run.api.store.records(zone_id).length);
    const past = await run.client.dns.records.list({ zone_id, page: 99 });
    expect(past.result).toEqual([]);
  });

  it("filters by name, type, content, comment and search", async () => {
    const list = async (query: object): Promise<readonly string[]> =>
      (await run.client.dns.records.list({ zone_id, ...query })).result.map(({ name }) => name);
    expect(await list({ name: { exact: "WWW.example.test" } })).toEqual(["www.example.test"]);
    expect(await list({ name: { startswith: "_imaps" }, type: "SRV" })).toEqual(["_imaps._tcp.example.test"]);
    expect(await list({ content: { contains: "spf1" } })).toEqual(["example.test"]);
    expect(await list({ comment: { present: "" } })).toEqual(["commented.example.test"]);
    expect(await list({ search: "100::" })).toEqual(["autoconfig.example.test"]);
    expect(await list({ match: "any", type: "CAA", name: { exact: "www.example.test" } })).toHaveLength(2);
  });

  it("applies a batch as a whole: deletes, patches, puts, posts", async () => {
    const one = await run.client.dns.records.create({
      zone_id,
      type: "TXT",
      name: "batch",
      content: "1",
      ttl: 300,
    });
    const result = await run.client.dns.records.batch({
      zone_id,
      posts: [{ type: "TXT", name: "batch", content: "1", ttl: 60 }],
      deletes: [{ id: one.id }],
    });
    expect(result.deletes?.[0]?.id).toBe(one.id);
    expect(result.posts?.[0]).toMatchObject({ name: "batch.example.test", ttl: 60 });
  });

  it("changes nothing where one change of a batch is refused", async () => {
    const before = run.api.store.records(zone_id);
    const call = run.client.dns.records.batch({
      zone_id,
      posts: [
        { type: "TXT", name: "half", content: "1", ttl: 60 },
        { type: "A", name: "half", content: "nonsense", ttl: 60 },
      ],
    });
    expect(await codesOf(call)).toEqual([1004, 9005]);
    expect(run.api.store.records(zone_id)).toBe(before);
  });

  it("refuses the 201st record", async () => {
    const zone = run.zoneId("example.com");
    const posts = Array.from({ length: 200 }, (_, index) => ({
      type: "TXT" as const,
      name: `r${String(index)}`,
      content: "x",
      ttl: 60,
    }));
    await run.client.dns.records.batch({ zone_id: zone, posts });
    const more = run.client.dns.records.create({
      zone_id: zone,
      type: "TXT",
      name: "more",
      content: "x",
      ttl: 60,
    });
    expect(await codesOf(more)).toEqual([81045]);
  });
});
