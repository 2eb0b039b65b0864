import { expect, it } from "vitest";
import { codesOf, runApi } from "./run-api.ts";

const A = { type: "A", name: "www", content: "192.0.2.1", ttl: 60 } as const;

it("a token for one zone lists that one, and is refused the others with 9109", async () => {
  await using run = await runApi({ tokenScopes: { zones: ["example.test"] } });
  const listed = (await run.client.zones.list()).result.map(({ name }) => name);
  expect(listed).toEqual(["example.test"]);
  expect(await codesOf(run.client.dns.records.create({ zone_id: run.zoneId("example.test"), ...A }))).toEqual(
    [],
  );
  const zone_id = run.zoneId("example.com");
  expect(await codesOf(run.client.zones.get({ zone_id }))).toEqual([9109]);
  expect(await codesOf(run.client.dns.records.list({ zone_id }))).toEqual([9109]);
  expect(await codesOf(run.client.workers.routes.list({ zone_id }))).toEqual([9109]);
});

it("a token without DNS / Edit reads records, and every change of them is 403/10000", async () => {
  await using run = await runApi({ tokenScopes: { dnsEdit: false } });
  const zone_id = run.zoneId("example.test");
  expect((await run.client.dns.records.list({ zone_id })).result).toEqual([]);
  expect((await run.client.zones.get({ zone_id })).permissions).not.toContain("#dns_records:edit");
  const id = "f".repeat(32);
  const { records } = run.client.dns;
  for (const call of [
    () => records.create({ zone_id, ...A }),
    () => records.update(id, { zone_id, ...A }),
    () => records.edit(id, { zone_id, ...A }),
    () => records.delete(id, { zone_id }),
    () => records.batch({ zone_id, posts: [A] }),
  ]) {
    expect(await codesOf(call())).toEqual([10000]);
  }
  const answer = await run.send("POST", `/zones/${zone_id}/dns_records`, A);
  expect(answer.status).toBe(403);
  expect(run.api.store.records(zone_id)).toEqual([]);
});

it("a token without Zone / Read lists no zones and shows none, but knows the records of one it is told", async () => {
  await using run = await runApi({ tokenScopes: { zoneRead: false } });
  const zone_id = run.zoneId("example.test");
  const answer = await run.send("GET", "/zones");
  expect(answer).toMatchObject({ status: 403, body: { errors: [{ code: 0 }] } });
  expect(answer.body.errors[0]?.message).toContain("com.cloudflare.api.account.zone.list");
  expect(await codesOf(run.client.zones.get({ zone_id }))).toEqual([9109]);
  expect(await codesOf(run.client.dns.records.create({ zone_id, ...A }))).toEqual([]);
});
