import { expect, test } from "vitest";
import { clientFamily } from "../../src/responder/client-family.ts";
import type { CountEvent } from "../../src/responder/count-event.ts";
import { respond } from "../../src/responder/respond.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { AUTOCONFIG, AUTODISCOVER, memoryTenants, NOW, poxRequest, WORKERS_DEV } from "./memory-responder.ts";

async function countOf(url: string, init: RequestInit = {}): Promise<CountEvent | undefined> {
  const events: CountEvent[] = [];
  const tenants = memoryTenants([sampleDomain()]);
  await respond(new Request(url, init), { tenants, now: () => NOW, count: (event) => events.push(event) });
  expect(events).toHaveLength(1);
  return events[0];
}

test("a request counts by domain, document, client family and status, and whether it had credentials", async () => {
  const headers = { "user-agent": "Mozilla/5.0 Thunderbird/153.7.0", authorization: "Basic c2VjcmV0" };
  expect(await countOf(`${AUTOCONFIG}?emailaddress=alice%40example.com`, { headers })).toEqual({
    domain: "example.com",
    document: "autoconfig",
    family: "thunderbird",
    status: 200,
    hasAuthorization: true,
  });
  expect(await countOf("http://autodiscover.example.com/x")).toEqual({
    domain: "example.com",
    document: "other",
    family: "none",
    status: 302,
    hasAuthorization: false,
  });
});

test("the domain is one that is served, also where the address named it", async () => {
  const body = poxRequest("alice@example.com");
  expect((await countOf(WORKERS_DEV, { method: "POST", body }))?.domain).toBe("example.com");
  const foreign = poxRequest("alice@invented.example");
  expect((await countOf(WORKERS_DEV, { method: "POST", body: foreign }))?.domain).toBeUndefined();
  expect((await countOf(AUTODISCOVER, { method: "POST", body: foreign }))?.domain).toBe("example.com");
});

test("no event holds anything of the address or the credentials", async () => {
  for (const url of [AUTOCONFIG, AUTODISCOVER, "https://x.example/"]) {
    const event = await countOf(`${url}?emailaddress=secret%40secret.example&Email=secret@example.com`, {
      headers: { authorization: "Basic c2VjcmV0", "user-agent": "secret" },
    });
    expect(JSON.stringify(event)).not.toMatch(/secret|c2VjcmV0/);
  }
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0", "thunderbird"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "browser"],
  ["Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18025; Pro)", "outlook"],
  ["OutlookMobileCloudService-Autodetect/1.0.0", "outlook"],
  ["Evolution/3.46.4", "evolution"],
  ["K-9 Mail", "thunderbird-android"],
  ["curl/8.5.0", "other"],
  ["", "none"],
  [undefined, "none"],
])("the user agent %s is of the family %s", (agent, family) => {
  expect(clientFamily(agent)).toBe(family);
});
