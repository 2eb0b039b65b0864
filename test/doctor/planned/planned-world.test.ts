import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAutoconfig } from "../../../src/clients/parsers/found-settings.ts";
import type { World } from "../../../src/clients/world/world.ts";
import { emptyZone } from "../../../src/dns/empty-zone.ts";
import { deriveClientSettings } from "../../../src/documents/client-settings.ts";
import { planAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { worldAfter, worldBefore } from "../../../src/doctor/planned/planned-world.ts";
import { observedRecord, observedZone } from "../../dns/observed-zone.ts";
import { anyDomain, sampleDomain } from "../../spec/sample-domain.ts";
import { identity } from "../../dns/plan/sample-wish.ts";
import { deployedZones } from "./deployed-zones.ts";
import { after, AUTOCONFIG, before, get, planned, port, WILDCARD, workersDevHost } from "./sample-worlds.ts";

describe("names", () => {
  test("the plan's records answer as a resolver tells them, and what it does not hold is absent", async () => {
    const world = after();
    expect(await world.resolve("_imaps._tcp.example.com", "SRV")).toMatchObject({
      data: ["0 1 993 mail.example.com"],
    });
    expect(await world.resolve("mail.example.com", "AAAA")).toMatchObject({ data: ["2001:db8::25"] });
    expect(await world.resolve("imap.example.com", "A")).toMatchObject({
      data: ["203.0.113.25"],
      aliases: ["mail.example.com"],
    });
    expect(await world.resolve("imap.example.com", "CNAME")).toMatchObject({ data: ["mail.example.com"] });
    expect(await world.resolve("nowhere.example.com", "A")).toMatchObject({
      state: "absent",
      isNoName: true,
    });
    expect(await world.resolve("mail.example.com", "TXT")).toMatchObject({
      state: "absent",
      isNoName: false,
    });
  });

  test("records of somebody else are told with all that they say: priorities, quotes, A-labels", async () => {
    const world = before([
      observedRecord({ type: "MX", name: "example.com", content: "mx.example.net", priority: 7 }),
      observedRecord({
        type: "SRV",
        name: "_imaps._tcp.example.com",
        content: "5 993 imap.example.net",
        priority: 3,
      }),
      observedRecord({ type: "TXT", name: "example.com", content: '"v=spf1" " -all"' }),
    ]);
    expect(await world.resolve("example.com", "MX")).toMatchObject({ data: ["7 mx.example.net"] });
    expect(await world.resolve("EXAMPLE.com.", "TXT")).toMatchObject({ data: ["v=spf1 -all"] });
    expect(await world.resolve("_imaps._tcp.example.com", "SRV")).toMatchObject({
      data: ["3 5 993 imap.example.net"],
    });
  });

  test("a wildcard answers before the change, and no longer for the names that the plan shadows", async () => {
    expect(await before([WILDCARD]).resolve("autodiscover.example.com", "A")).toMatchObject({
      data: ["192.0.2.80"],
    });
    const world = after([WILDCARD]);
    expect(await world.resolve("autodiscover.example.com", "A")).toMatchObject({ data: ["Cloudflare"] });
    expect(await world.resolve("shop.example.com", "A")).toMatchObject({ data: ["192.0.2.80"] });
    expect(await world.resolve("shop.example.com", "TXT")).toMatchObject({ state: "absent" });
  });

  test("a name of somebody else is unknown, also where an alias leads to it, and so is a zone that was not read", async () => {
    const alias = observedRecord({ type: "CNAME", name: "shop.example.com", content: "shop.example.net" });
    const world = after([alias]);
    for (const name of ["example.net", "shop.example.com"]) {
      expect(await world.resolve(name, "A")).toMatchObject({
        state: "unknown",
        reason: expect.stringContaining("lies in no zone that was read"),
      });
    }
    const program = planAgainst({
      domains: [sampleDomain()],
      zones: [emptyZone("example.com")],
      visibleZones: ["example.com", "sub.example.com"],
      identity,
    });
    expect(await worldAfter(program).resolve("a.sub.example.com", "A")).toMatchObject({ state: "unknown" });
    expect(await worldAfter(program).resolve("a.sup.example.com", "A")).toMatchObject({ state: "absent" });
  });

  test("who a zone is delegated to is not known, neither at its apex nor below a cut", async () => {
    const world = after([observedRecord({ type: "NS", name: "sub.example.com", content: "ns.example.net" })]);
    expect(await world.resolve("example.com", "NS")).toMatchObject({ state: "unknown" });
    expect(await world.resolve("www.sub.example.com", "A")).toMatchObject({ state: "unknown" });
  });

  test("an alias at the apex is shown as the apex's own addresses, and aliases in a circle are unknown", async () => {
    const world = after([
      observedRecord({ type: "CNAME", name: "example.com", content: "www.example.com" }),
      observedRecord({ type: "A", name: "www.example.com", content: "192.0.2.81" }),
      observedRecord({ type: "CNAME", name: "a.example.com", content: "b.example.com" }),
      observedRecord({ type: "CNAME", name: "b.example.com", content: "a.example.com" }),
    ]);
    const apex = await world.resolve("example.com", "A");
    expect(apex).toMatchObject({ state: "found", data: ["192.0.2.81"] });
    expect(apex).not.toHaveProperty("aliases");
    expect(await world.resolve("a.example.com", "A")).toMatchObject({
      state: "unknown",
      reason: "the aliases of a.example.com lead in a circle",
    });
  });

  test("an SRV record to a proxied name is answered with Cloudflare's own name, which has the origin's address", async () => {
    const world = before([
      observedRecord({ type: "A", name: "box.example.com", content: "192.0.2.25", proxied: true }),
      observedRecord({
        type: "SRV",
        name: "_imaps._tcp.example.com",
        content: "1 993 box.example.com",
        priority: 0,
      }),
    ]);
    const srv = await world.resolve("_imaps._tcp.example.com", "SRV");
    const [target = ""] = srv.state === "found" ? srv.data.map((data) => data.split(" ")[3] ?? "") : [];
    expect(target).toMatch(/^dc-[0-9a-f]{12}\.example\.com$/);
    expect(await world.resolve(target, "A")).toMatchObject({ data: ["192.0.2.25"] });
    expect(await world.resolve(target, "AAAA")).toMatchObject({ state: "absent" });
    expect(await world.probe(port(target, 993))).toMatchObject({ outcome: "unknown" });
    expect(await world.probe(port("box.example.com", 993, { timeoutMs: 900 }))).toMatchObject({
      outcome: "timeout",
      ms: 900,
    });
  });
});

describe("documents", () => {
  test("the responder answers at the planned hosts, over https with the document and over http with a redirect", async () => {
    const world = after();
    const answer = await get(world, AUTOCONFIG);
    expect(answer).toMatchObject({ state: "answered", status: 200, tlsError: undefined });
    expect(answer.state === "answered" && readAutoconfig(answer.body)).toHaveLength(2);
    expect(await get(world, "http://autoconfig.example.com/mail/config-v1.1.xml?a=1")).toMatchObject({
      status: 301,
      headers: { location: `${AUTOCONFIG}?a=1` },
    });
    expect(await get(world, `https://${workersDevHost}/mail/config-v1.1.xml`)).toMatchObject({ status: 404 });
    expect(
      await get(world, `https://${workersDevHost}/mail/config-v1.1.xml?emailaddress=a@example.com`),
    ).toMatchObject({ status: 200 });
  });

  test("before the first deployment nothing of ours answers", async () => {
    expect(await get(before(), AUTOCONFIG)).toMatchObject({ state: "failed", kind: "absent" });
    expect(await get(before(), `https://${workersDevHost}/`)).toMatchObject({ kind: "unknown" });
  });

  test("after it the responder answers, with documents that are not known where nobody tells which are published", async () => {
    const domains = [sampleDomain()];
    const second = planAgainst({ domains, zones: deployedZones(planned()), identity, workersDevHost });
    expect(second.plan.problems).toEqual([]);
    const world = worldBefore(second);
    expect(await get(world, AUTOCONFIG)).toMatchObject({
      kind: "unknown",
      reason: "which documents are published today",
      asksNoPassword: true,
    });
    // Neither is a matter of what is published.
    expect(await get(world, AUTOCONFIG.replace("https:", "http:"))).toMatchObject({ status: 301 });
    expect(await get(world, "https://autoconfig.example.com/shop")).toMatchObject({ status: 404 });
    expect(await world.probe(port("mail.example.com", 993))).toMatchObject({ outcome: "answered" });
    const publishedSettings = new Map(domains.map((one) => [one.domain, deriveClientSettings(one)]));
    expect(await get(worldBefore({ ...second, publishedSettings }), AUTOCONFIG)).toMatchObject({
      status: 200,
    });
  });

  test("what an origin of the operator serves today is not known, whatever the state tells", async () => {
    const domain = sampleDomain({ publish: { origin: "web.example.net" } });
    const zones = deployedZones(planned([], domain));
    const program = planAgainst({ domains: [domain], zones, identity });
    const world = worldBefore({ ...program, publishedSettings: new Map() });
    expect(await get(world, AUTOCONFIG)).toMatchObject({
      kind: "unknown",
      reason: "web.example.net lies in no zone that was read",
    });
    expect(await get(worldAfter(program), AUTOCONFIG)).toMatchObject({ status: 200 });
  });

  test("what was published before answers before the change, where the state tells it", async () => {
    const former = sampleDomain({ mailServer: { imap: [{ port: 1993 }] } });
    const zones = deployedZones(planned());
    const program = planAgainst({ domains: [sampleDomain()], zones, identity });
    const publishedSettings = new Map([["example.com", deriveClientSettings(former)]]);
    const body = async (world: World): Promise<string> => {
      const answer = await get(world, AUTOCONFIG);
      return answer.state === "answered" ? answer.body : "";
    };
    expect(await body(worldBefore({ ...program, publishedSettings }))).toContain("<port>1993</port>");
    expect(await body(worldAfter({ ...program, publishedSettings }))).toContain("<port>993</port>");
  });

  test("the profile that the Worker serves today is signed, also where an origin without a key takes over", async () => {
    const zones = deployedZones(planned());
    const domain = sampleDomain({ publish: { origin: "web.example.net" } });
    const program = {
      ...planAgainst({ domains: [domain], zones, identity }),
      publishedSettings: new Map([["example.com", deriveClientSettings(sampleDomain())]]),
    };
    const bodies = await Promise.all(
      [worldBefore(program), worldAfter(program)].map(async (world) => {
        const answer = await get(world, "https://autoconfig.example.com/example.com.mobileconfig");
        return answer.state === "answered" ? answer.body.slice(0, 6) : answer.reason;
      }),
    );
    expect(bodies).toEqual(["0<?xml", "<?xml "]);
  });

  test("a host of somebody else answers nothing that is known, whether by wildcard, proxy or Worker", async () => {
    const zone = observedZone(
      [
        WILDCARD,
        observedRecord({ type: "A", name: "example.com", content: "192.0.2.80", proxied: true }),
        observedRecord({ type: "A", name: "their.example.com", content: "192.0.2.80", proxied: true }),
      ],
      { name: "example.com", routes: [{ id: "r", pattern: "their.example.com/*", script: "theirs" }] },
    );
    const world = after(zone);
    for (const [host, reason] of [
      ["shop.example.com", "what 192.0.2.80 serves as shop.example.com"],
      ["example.com", "what 192.0.2.80 serves as example.com"],
      ["their.example.com", "the Worker theirs answers at their.example.com"],
      ["www.example.net", "www.example.net lies in no zone that was read"],
    ]) {
      expect(await get(world, `https://${host}/`)).toMatchObject({ kind: "unknown", reason });
    }
  });

  test("a name without an origin and without a Worker is a black hole, as long as the client waits", async () => {
    const world = before([
      observedRecord({ type: "AAAA", name: "autoconfig.example.com", content: "100::", proxied: true }),
    ]);
    const request = { method: "GET", url: AUTOCONFIG } as const;
    expect(await world.request({ ...request, timeoutMs: 5000 })).toMatchObject({ kind: "timeout", ms: 5000 });
    expect(await world.request({ ...request, timeoutMs: 60_000 })).toMatchObject({ ms: 19_000 });
  });

  test("a proxied name deeper than Universal SSL covers has an unknown certificate, a custom domain a good one", async () => {
    const deeper = sampleDomain({ domain: "dept.example.com" });
    const url = "https://autoconfig.dept.example.com/mail/config-v1.1.xml";
    expect(await get(after([], deeper), url)).toMatchObject({ status: 200 });
    const record = { type: "AAAA", name: "autoconfig.dept.example.com", content: "100::", proxied: true };
    expect(await get(before([observedRecord(record)], deeper), url)).toMatchObject({ kind: "unknown" });
  });

  test("an origin of the operator serves the documents at the names that its certificate covers", async () => {
    const world = after([], sampleDomain({ publish: { origin: "web.example.net" } }));
    expect(await get(world, AUTOCONFIG)).toMatchObject({ status: 200 });
    const query = "mail/config-v1.1.xml?emailaddress=alice@example.com";
    expect(await get(world, `https://web.example.net/${query}`)).toMatchObject({ status: 200 });
    expect(await get(world, "https://web.example.net/shop")).toMatchObject({ kind: "unknown" });
  });

  test("what is no URL of the web is said so, and another port", async () => {
    const world = after();
    expect(await get(world, "ftp://example.com/")).toMatchObject({ kind: "invalid-url" });
    expect(await get(world, "https://autoconfig.example.com:8443/")).toMatchObject({ kind: "unknown" });
  });
});

test("of any domain, the documents at the planned hosts announce the settings of the file", async () => {
  await fc.assert(
    fc.asyncProperty(anyDomain, fc.boolean(), async (apex, isApex) => {
      const domain = isApex ? apex : { ...apex, domain: `dept.${apex.domain}` };
      const zones = [emptyZone(apex.domain)];
      const world = worldAfter(planAgainst({ domains: [domain], zones, identity, workersDevHost }));
      const answer = await get(world, `https://autoconfig.${domain.domain}/mail/config-v1.1.xml`);
      const { imap, pop3, submission } = deriveClientSettings(domain);
      const announced = [imap, pop3, submission].filter((endpoint) => endpoint !== undefined);
      if (announced.some(({ tls }) => tls === "plain")) return;
      const read = answer.state === "answered" ? readAutoconfig(answer.body) : undefined;
      expect(read?.map(({ host, port, tls }) => ({ host, port, tls }))).toEqual(announced);
    }),
    { numRuns: 50 },
  );
}, 60_000);
