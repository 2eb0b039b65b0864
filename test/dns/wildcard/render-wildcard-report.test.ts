import { expect, test } from "vitest";
import { analyseWildcards } from "../../../src/dns/wildcard/analyse-wildcards.ts";
import { deriveTombstones } from "../../../src/dns/wildcard/derive-tombstones.ts";
import {
  renderWildcardIssue,
  renderWildcardReport,
} from "../../../src/dns/wildcard/render-wildcard-report.ts";
import { zoneRecordOf } from "../../../src/dns/wildcard/zone-record.ts";
import { deriveRecords } from "../../../src/dns/derive-records.ts";
import type { WildcardPolicy } from "../../../src/spec/mail-domain.ts";
import { expectGolden } from "../golden-file.ts";
import { wildcardDomain, zoneRecords } from "./wildcard-domain.ts";

const ZONE = [
  "*.example.com A 203.0.113.80",
  "*.example.com MX mx.example.net",
  "www.example.com A 203.0.113.80 proxied",
];
const OURS = [
  "autoconfig.dept.example.com CNAME host.example.net",
  "_imaps._tcp.dept.example.com SRV 1 993 mail.dept.example.com",
  "mail.dept.example.com A 203.0.113.25",
];

function rendered(domain: string, ours: readonly string[], wildcard: Partial<WildcardPolicy>): string {
  const before = zoneRecords(...ZONE);
  const report = analyseWildcards({
    domain: wildcardDomain(domain, wildcard),
    zone: "example.com",
    before,
    after: [...before, ...zoneRecords(...ours)],
    transient: [`_acme-challenge.mx1.${domain}`],
  });
  return renderWildcardReport(report)
    .map((line) => `${line}\n`)
    .join("");
}

test.each([
  ["apex-allow", "example.com", ["autoconfig.example.com CNAME host.example.net"], { policy: "allow" }],
  ["apex-forbid", "example.com", ["autoconfig.example.com CNAME host.example.net"], { policy: "forbid" }],
  ["below-the-apex", "dept.example.com", OURS, {}],
  ["below-the-apex-accepted", "dept.example.com", OURS, { accept: ["dept.example.com"] }],
] as const)("the preview's lines: %s", (name, domain, ours, wildcard) => {
  expectGolden(new URL(`golden/report-${name}.txt`, import.meta.url), rendered(domain, ours, wildcard));
});

test("a zone without wildcards gives no line", () => {
  const report = analyseWildcards({
    domain: wildcardDomain("example.com"),
    zone: "example.com",
    before: [],
    after: zoneRecords(...OURS),
  });
  expect(renderWildcardReport(report)).toEqual([]);
});

test("a single issue is told as in the list", () => {
  const before = zoneRecords(...ZONE);
  const { warnings } = analyseWildcards({
    domain: wildcardDomain("example.com"),
    zone: "example.com",
    before,
    after: [...before, ...zoneRecords("smtp.example.com A 203.0.113.25")],
  });
  expect(warnings.map(renderWildcardIssue)).toEqual(
    expect.arrayContaining([
      "smtp.example.com: led to A 203.0.113.80 by *.example.com until now",
      "smtp.example.com answers for itself, without MX mx.example.net of *.example.com",
      "pop.example.com: answered by *.example.com: A 203.0.113.80 would receive the mailbox password from a client that tries it",
    ]),
  );
});

test("with the domain's own records and tombstones nothing is left to a wildcard but guessed names", () => {
  const domain = wildcardDomain("example.com");
  const before = zoneRecords("*.example.com A 203.0.113.80");
  const wanted = deriveRecords(domain, { zone: "example.com" });
  const tombstones = deriveTombstones(domain, "example.com", before, wanted);
  const after = [...before, ...[...wanted, ...tombstones].map(zoneRecordOf)];
  const { caught, problems } = analyseWildcards({ domain, zone: "example.com", before, after });
  const left = caught.filter(({ now }) => now === "still-wildcard");
  expect(left.filter(({ role }) => role !== "guess" && role !== "policy")).toEqual([]);
  expect(problems).toEqual([]);
});
