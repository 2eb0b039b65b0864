import { readdirSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveRecords } from "../../../src/dns/derive-records.ts";
import { derivePublicationHosts } from "../../../src/dns/publication-hosts.ts";
import { auditPlan } from "../../../src/dns/rules/audit-plan.ts";
import { recordsAfter } from "../../../src/dns/rules/zone-after.ts";
import { RULES } from "../../../src/dns/rules/rules.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { cname, host, input, observed, planned, srv, txt, zone } from "./audit-input.ts";

test("every rule is registered under its file's name, with the day and the pages that say so", () => {
  const files = new Set(readdirSync(new URL("../../../src/dns/rules/", import.meta.url)));
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  for (const { name, verified, sources } of RULES) {
    expect(files).toContain(`${name}.ts`);
    expect(verified).toMatch(/^2026-\d\d-\d\d$/);
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.every((source) => new URL(source).protocol === "https:")).toBe(true);
  }
});

test("all violations come at once, failures first, then by zone and subject, whatever the order of the input", () => {
  const net = { id: "f".repeat(32), name: "example.net" };
  const records = [
    observed("t1", "example.com", "TXT", "v=spf1 -all"),
    observed("a1", "mail.example.com", "A", "203.0.113.25", { proxied: true }),
  ];
  const plan = [
    planned(srv("_imaps._tcp.example.com", "mail.example.com")),
    planned(srv("_submissions._tcp.example.com", "gone.example.com")),
    planned(txt("example.com", "v=spf1 mx -all")),
    planned(cname("autodiscover.example.com", "x.workers.dev", true)),
    planned(cname("autodiscover.dept.example.net", "x.test", true), { zone: net }),
  ];
  const zones = [
    zone({ records, routes: [{ id: "r1", pattern: "autodiscover.example.com/*", script: "shop" }] }),
    zone(net),
  ];
  const hosts = [host("autodiscover.example.com", "route")];
  const visibleZones = ["example.com", "example.net"];
  const expected = [
    "fail example.com autodiscover.example.com/* route-taken",
    "fail example.com example.com/TXT single-record-set",
    "fail example.com mail.example.com/A proxied-mail-host",
    "fail example.net autodiscover.dept.example.net/CNAME edge-certificate-depth",
    "warn example.com autodiscover.example.com/CNAME foreign-proxied-alias",
    "warn example.com gone.example.com target-absent",
  ];
  const run = (reverse: boolean): readonly string[] => {
    const order = <T>(items: readonly T[]): readonly T[] => (reverse ? items.toReversed() : items);
    return auditPlan(input({ zones: order(zones), planned: order(plan), hosts, visibleZones })).map(
      ({ severity, zone, subject, rule }) => `${severity} ${zone} ${subject} ${rule}`,
    );
  };
  expect(run(false)).toEqual(expected);
  expect(run(true)).toEqual(expected);
});

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
const plain = fc.record({
  domain: fc.oneof(
    fc.constant("example.com"),
    label.map((first) => `d${first}.example.com`),
  ),
  addresses: fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 1, maxLength: 3 }),
  publish: fc.oneof(
    fc.constant({}),
    fc.constant({ srvTarget: "srv.example.net" }),
    fc.constant({ origin: "www.example.net" }),
  ),
  plan: fc.constantFrom("free", "pro", "business", "enterprise"),
});

test("a plain domain in an empty zone keeps every rule", () => {
  fc.assert(
    fc.property(plain, ({ domain: name, addresses, publish, plan }) => {
      const domain = sampleDomain({ domain: name, mailServer: { addresses }, publish });
      const records = deriveRecords(domain, { zone: "example.com" });
      const hosts = derivePublicationHosts(domain, "example.com").map((one) => ({
        ...one,
        zone: "example.com",
      }));
      const all = input({
        zones: [zone({ plan })],
        planned: records.map((record) => planned(record)),
        hosts,
      });
      expect(records.length).toBeGreaterThan(0);
      expect(auditPlan(all)).toEqual([]);
      // The next run finds its own records, and keeps them.
      const standing = recordsAfter(zone(), all.planned).map(
        ({ planned: one, name, type, content, proxied }, index) =>
          observed(`r${index}`, name, type, content, { proxied, comment: one?.comment }),
      );
      const kept = all.planned.map((one) => ({ ...one, action: "keep" as const }));
      expect(auditPlan({ ...all, zones: [zone({ plan, records: standing })], planned: kept })).toEqual([]);
    }),
  );
});
