import { describe, expect, it, test } from "vitest";
import { answerProbe } from "../../../src/dns/wildcard/answer-probe.ts";
import { followAlias } from "../../../src/dns/wildcard/follow-alias.ts";
import { indexZoneNames, sourceOfSynthesis } from "../../../src/dns/wildcard/zone-names.ts";
import { zoneRecords } from "./wildcard-domain.ts";

const shown = (apex: string, lines: readonly string[], name: string, type: string): string => {
  const answer = answerProbe(indexZoneNames(apex, zoneRecords(...lines)), name, type);
  const reason = answer.kind === "nodata" ? ` ${answer.reason}` : "";
  const records = answer.records.map((record) => ` ${record.type} ${record.content}`).join(";");
  return `${answer.kind}${reason}${answer.owner === undefined ? "" : ` of ${answer.owner}`}${records}`;
};

describe("the example zone of RFC 4592 §2.2.1", () => {
  const zone = [
    "example NS ns.example.com",
    "example NS ns.example.net",
    "*.example TXT this is a wildcard",
    "*.example MX host1.example",
    "sub.*.example TXT this is not a wildcard",
    "host1.example A 192.0.2.1",
    "_ssh._tcp.host1.example SRV 0 22 host1.example",
    "_ssh._tcp.host2.example SRV 0 22 host2.example",
    "subdel.example NS ns.example.com",
    "subdel.example NS ns.example.net",
  ];

  it.each([
    // The RFC's own questions: three that are synthesised, five that are not.
    ["host3.example", "MX", "wildcard of *.example MX host1.example"],
    ["host3.example", "A", "nodata wildcard-without-type of *.example"],
    ["foo.bar.example", "TXT", "wildcard of *.example TXT this is a wildcard"],
    ["host1.example", "MX", "nodata other-types of host1.example"],
    ["sub.*.example", "MX", "nodata other-types of sub.*.example"],
    ["_telnet._tcp.host1.example", "SRV", "absent"],
    ["host.subdel.example", "A", "delegated of subdel.example NS ns.example.com; NS ns.example.net"],
    ["ghost.*.example", "MX", "absent"],
    // What its sections 2.2.2 and 2.2.3 say of the same zone.
    ["_tcp.host1.example", "A", "nodata empty-non-terminal of _tcp.host1.example"],
    ["host2.example", "TXT", "nodata empty-non-terminal of host2.example"],
    ["_tcp.host2.example", "SRV", "nodata empty-non-terminal of _tcp.host2.example"],
    ["*.example", "TXT", "explicit of *.example TXT this is a wildcard"],
    ["host1.example", "A", "explicit of host1.example A 192.0.2.1"],
    ["example", "MX", "nodata other-types of example"],
    ["subdel.example", "A", "delegated of subdel.example NS ns.example.com; NS ns.example.net"],
    ["subdel.example", "DS", "nodata other-types of subdel.example"],
  ])("%s %s", (name, type, expected) => {
    expect(shown("example", zone, name, type)).toBe(expected);
  });

  test("closest encloser and source of synthesis are those of its section 3.3.1", () => {
    const index = indexZoneNames("example", zoneRecords(...zone));
    const sources = [
      "host3.example",
      "_telnet._tcp.host1.example",
      "_chat._udp.host3.example",
      "foobar.*.example",
    ];
    expect(sources.map((name) => sourceOfSynthesis(index, name))).toEqual([
      "*.example",
      undefined,
      "*.example",
      undefined,
    ]);
  });
});

describe("a wildcard CNAME", () => {
  const zone = ["*.example.com CNAME www.example.com", "www.example.com A 203.0.113.80"];

  it.each(["A", "SRV", "TXT", "MX"])("answers a question for %s with the alias", (type) => {
    expect(shown("example.com", zone, "_imaps._tcp.example.com", type)).toBe(
      "wildcard of *.example.com CNAME www.example.com",
    );
  });

  it("is hidden where it is proxied: addresses are answered, SRV and TXT are not", () => {
    const proxied = ["*.example.com CNAME www.example.net proxied"];
    const answers = ["A", "AAAA", "SRV", "TXT", "CNAME"].map((type) =>
      shown("example.com", proxied, "autoconfig.example.com", type),
    );
    const address = "wildcard of *.example.com CNAME www.example.net";
    const none = "nodata wildcard-without-type of *.example.com";
    expect(answers).toEqual([address, address, none, none, none]);
  });

  it("is followed to the records that answer in the end", () => {
    const { steps } = followAlias(
      indexZoneNames("example.com", zoneRecords(...zone)),
      "autoconfig.example.com",
      "A",
    );
    expect(steps.map(({ name, answer }) => `${name} ${answer.kind}`)).toEqual([
      "autoconfig.example.com wildcard",
      "www.example.com explicit",
    ]);
  });

  it("that leads to itself answers nobody", () => {
    const loop = indexZoneNames("example.com", zoneRecords("*.example.com CNAME a.example.com"));
    expect(followAlias(loop, "b.example.com", "A").isLoop).toBe(true);
  });
});

test("a proxied address answers both address types", () => {
  const zone = ["*.example.com A 203.0.113.80 proxied"];
  expect(shown("example.com", zone, "mta-sts.example.com", "AAAA")).toBe(
    "wildcard of *.example.com A 203.0.113.80",
  );
});

test("a CNAME at the apex is flattened: it answers for addresses and nothing else", () => {
  const zone = ["example.com CNAME www.example.net", "example.com MX mail.example.com"];
  expect(["A", "MX", "TXT", "CNAME"].map((type) => shown("example.com", zone, "example.com", type))).toEqual([
    "explicit of example.com CNAME www.example.net",
    "explicit of example.com MX mail.example.com",
    "nodata other-types of example.com",
    "nodata other-types of example.com",
  ]);
});

test("of two asterisks only the first is a wildcard", () => {
  const zone = ["*.*.example.com A 203.0.113.80"];
  expect(shown("example.com", zone, "a.example.com", "A")).toBe(
    "nodata wildcard-without-type of *.example.com",
  );
  expect(shown("example.com", zone, "a.*.example.com", "A")).toBe(
    "wildcard of *.*.example.com A 203.0.113.80",
  );
  expect(shown("example.com", zone, "a.b.example.com", "A")).toBe(
    "nodata wildcard-without-type of *.example.com",
  );
});

test("NS records at a wildcard make no zone cut", () => {
  const zone = ["*.example.com NS ns.example.net", "*.example.com A 203.0.113.80"];
  expect(shown("example.com", zone, "*.example.com", "A")).toBe("explicit of *.example.com A 203.0.113.80");
  expect(shown("example.com", zone, "a.example.com", "A")).toBe("wildcard of *.example.com A 203.0.113.80");
});

test("a name outside the zone is refused", () => {
  expect(() => answerProbe(indexZoneNames("example.com", []), "example.net", "A")).toThrow(RangeError);
});

test("a zone of 10,000 records with long chains of names is indexed in one pass", () => {
  const deep = Array.from({ length: 10_000 }, (_, index) => `h${index}.a.b.c.d.e.f.example.com A 192.0.2.1`);
  const records = zoneRecords(...deep);
  let reads = 0;
  const counted = records.map((record) => ({
    ...record,
    get name(): string {
      reads += 1;
      return record.name;
    },
  }));
  expect(indexZoneNames("example.com", counted).nodes.size).toBe(10_000 + 7);
  expect(reads).toBeLessThanOrEqual(10_000 * 5);
});
