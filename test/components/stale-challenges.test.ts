import { expect, test } from "vitest";
import { findStaleChallenges } from "../../src/components/stale-challenges.ts";
import { observedRecord, observedZone } from "../dns/observed-zone.ts";
import { mailDomain } from "../dns/plan/sample-wish.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const challenge = (name: string, id: string, minutes: number): ReturnType<typeof observedRecord> =>
  observedRecord({
    type: "TXT",
    name,
    id,
    content: '"digest"',
    comment: `mail-autodiscover challenge 0123abcd ${new Date(NOW.getTime() - minutes * 60_000).toISOString()}`,
  });
const domains = [mailDomain(), mailDomain({ domain: "dept.example.com" })];

test("a challenge record older than an hour is removed by the domain that its name lies in", () => {
  const zone = observedZone([
    challenge("_acme-challenge.example.com", "one", 61),
    challenge("_acme-challenge.mail.dept.example.com", "two", 600),
  ]);
  expect([...findStaleChallenges([zone], domains, NOW)]).toEqual([
    ["example.com", [{ zoneId: "zone", recordId: "one" }]],
    ["dept.example.com", [{ zoneId: "zone", recordId: "two" }]],
  ]);
});

test("one that a run may still need, one of somebody else, and a record of another type stay", () => {
  const theirs = { ...challenge("_acme-challenge.example.com", "b", 600), comment: "certbot" };
  const other = { ...challenge("_acme-challenge.example.com", "c", 600), type: "CNAME" };
  const zone = observedZone([challenge("_acme-challenge.example.com", "a", 59), theirs, other]);
  expect(findStaleChallenges([zone], domains, NOW).size).toBe(0);
});

test("one outside every domain, where a delegation led, goes with the first domain of its zone", () => {
  const zone = observedZone([challenge("x.acme.example.net", "one", 90)], { id: "net", name: "example.net" });
  const found = findStaleChallenges([zone], [mailDomain({ domain: "example.net" })], NOW);
  expect([...found.values()]).toEqual([[{ zoneId: "net", recordId: "one" }]]);
});
