import { describe, expect, test } from "vitest";
import { analyseWildcards } from "../../../src/dns/wildcard/analyse-wildcards.ts";
import { deriveTombstones, isTombstone } from "../../../src/dns/wildcard/derive-tombstones.ts";
import { zoneRecordOf } from "../../../src/dns/wildcard/zone-record.ts";
import type { WantedRecord } from "../../../src/dns/wanted-record.ts";
import { wildcardDomain, zoneRecords } from "./wildcard-domain.ts";

const WILDCARD = "*.example.com A 203.0.113.80";
const alias = (name: string): WantedRecord => ({
  type: "CNAME",
  name,
  logicalName: `example.com/CNAME/${name}`,
  formerLogicalNames: [],
  purpose: "discovery",
  content: "host.example.net",
  proxied: false,
});
const WANTED = [alias("autoconfig.example.com"), alias("autodiscover.example.com")];
const domain = wildcardDomain("example.com");
const names = (...lines: readonly string[]): readonly string[] =>
  deriveTombstones(domain, "example.com", zoneRecords(...lines), WANTED).map(({ name }) => name);

describe("under the policy shadow", () => {
  test("each discovery name that is not served gets a TXT record that says so", () => {
    const tombstones = deriveTombstones(domain, "example.com", zoneRecords(WILDCARD), WANTED);
    expect(tombstones).toEqual([
      expect.objectContaining({ name: "ua-auto-config.example.com", text: "no ua-auto-config service" }),
      {
        type: "TXT",
        name: "mta-sts.example.com",
        logicalName: "example.com/TXT/mta-sts.example.com/tombstone",
        formerLogicalNames: ["example.com/CNAME/mta-sts.example.com", "example.com/AAAA/mta-sts.example.com"],
        purpose: "tombstone",
        isOptional: true,
        text: "no mta-sts service",
      },
    ]);
  });

  test.each([
    ["there is no wildcard", []],
    ["the wildcard gives no addresses", ["*.example.com TXT v=spf1 -all"]],
    [
      "somebody else's record stands there",
      [WILDCARD, "ua-auto-config.example.com TXT x", "mta-sts.example.com A 203.0.113.9"],
    ],
    [
      "a record below the name ends the wildcard",
      [WILDCARD, "a.ua-auto-config.example.com A 203.0.113.9", "_x.mta-sts.example.com TXT x"],
    ],
    [
      "the names are zones of their own",
      [WILDCARD, "ua-auto-config.example.com NS ns.example.net", "mta-sts.example.com NS ns.example.net"],
    ],
  ])("none is wanted where %s", (_, lines) => {
    expect(names(...lines)).toEqual([]);
  });

  test("a CNAME wildcard, proxied or not, counts as well", () => {
    expect(names("*.example.com CNAME www.example.net")).toHaveLength(2);
    expect(names("*.example.com CNAME www.example.net proxied")).toHaveLength(2);
  });

  test("the next run wants the same ones, whether the API quotes their text or not", () => {
    const before = zoneRecords(WILDCARD);
    const first = deriveTombstones(domain, "example.com", before, WANTED);
    const plain = first.map(zoneRecordOf);
    const quoted = plain.map((record) => ({ ...record, content: `"${record.content}"` }));
    for (const made of [plain, quoted]) {
      expect(deriveTombstones(domain, "example.com", [...before, ...made], WANTED)).toEqual(first);
    }
  });

  test("they go when the wildcard has gone", () => {
    const first = deriveTombstones(domain, "example.com", zoneRecords(WILDCARD), WANTED).map(zoneRecordOf);
    expect(deriveTombstones(domain, "example.com", first, WANTED)).toEqual([]);
  });

  test("a domain below the zone needs none once a record of its own ends the wildcard above it", () => {
    const dept = wildcardDomain("dept.example.com");
    const before = zoneRecords(WILDCARD);
    const wanted = [alias("autoconfig.dept.example.com")];
    expect(deriveTombstones(dept, "example.com", before, wanted)).toEqual([]);
    expect(deriveTombstones(dept, "example.com", before, []).map(({ name }) => name)).toHaveLength(4);
  });
});

test("a name that a Worker custom domain brings is left to it", () => {
  const worker = wildcardDomain(
    "dept.example.com",
    {},
    { publish: { kind: "worker", srvTarget: undefined } },
  );
  const before = zoneRecords("*.dept.example.com A 203.0.113.80");
  const tombstones = deriveTombstones(worker, "example.com", before, []).map(({ name }) => name);
  expect(tombstones).not.toContain("autoconfig.dept.example.com");
  const { caught } = analyseWildcards({ domain: worker, zone: "example.com", before, after: before });
  expect(caught.find(({ name }) => name === "autoconfig.dept.example.com")?.now).toBe("explicit");
});

test.each(["forbid", "allow"] as const)("under the policy %s there are none", (policy) => {
  const other = wildcardDomain("example.com", { policy });
  expect(deriveTombstones(other, "example.com", zoneRecords(WILDCARD), WANTED)).toEqual([]);
});

test("only our own text at its own name is a tombstone", () => {
  expect(
    zoneRecords(
      'mta-sts.example.com TXT "no mta-sts service"',
      "mta-sts.example.com TXT no autoconfig service",
      "mail.example.com TXT no mta-sts service",
    ).map(isTombstone),
  ).toEqual([true, false, false]);
});
