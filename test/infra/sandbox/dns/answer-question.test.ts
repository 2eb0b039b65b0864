import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerQuestion } from "../../../../infra/sandbox/dns/answer-question.ts";
import type { ResourceRecord } from "../../../../infra/sandbox/dns/resource-record.ts";
import { buildZoneView, type ZoneView } from "../../../../infra/sandbox/dns/zone-view.ts";

type Line = readonly [owner: string, type: string, data: string];

const zoneOf = (lines: readonly Line[]): ZoneView => {
  const record = ([owner, type, data]: Line): ResourceRecord => ({ owner, type, ttl: 3600, data });
  return buildZoneView("example", record(["example", "SOA", "ns"]), lines.map(record));
};

describe("the example zone of RFC 4592 §2.2.1", () => {
  const zone = zoneOf([
    ["example", "NS", "ns.example.com"],
    ["*.example", "TXT", "this is a wildcard"],
    ["*.example", "MX", "10 host1.example"],
    ["sub.*.example", "TXT", "this is not a wildcard"],
    ["host1.example", "A", "192.0.2.1"],
    ["_ssh._tcp.host1.example", "SRV", "ssh"],
    ["_ssh._tcp.host2.example", "SRV", "ssh"],
    ["subdel.example", "NS", "ns.example.com"],
  ]);

  it.each([
    ["a name under no other name gets the wildcard", "host3.example", "MX", 'answer "10 host1.example"'],
    ["a wildcard without the type is NODATA", "host3.example", "A", "nodata"],
    ["a wildcard covers several labels", "foo.bar.example", "TXT", 'answer "this is a wildcard"'],
    ["an existing name ends the wildcard", "host1.example", "MX", "nodata"],
    ["a name below an asterisk is no wildcard", "sub.*.example", "MX", "nodata"],
    ["an empty non-terminal ends the wildcard", "_telnet._tcp.host1.example", "SRV", "nxdomain"],
    ["a delegation ends the wildcard", "host.subdel.example", "A", "delegation"],
    ["the asterisk itself is an encloser", "ghost.*.example", "MX", "nxdomain"],
    ["the wildcard can be asked for by its name", "*.example", "TXT", 'answer "this is a wildcard"'],
    ["an empty non-terminal is NODATA", "_tcp.host2.example", "A", "nodata"],
    ["the name above a service label is one too", "host2.example", "TXT", "nodata"],
    ["the parent answers for DS at a cut", "subdel.example", "DS", "nodata"],
  ])("%s: %s %s", (_title, name, type, expected) => {
    const answer = answerQuestion(zone, name, type);
    const data = answer.kind === "answer" ? ` ${JSON.stringify(answer.records[0]?.data)}` : "";
    expect(`${answer.kind}${data}`).toBe(expected);
  });

  it("gives synthesised records the name asked for", () => {
    expect(answerQuestion(zone, "host3.example", "TXT")).toMatchObject({
      records: [{ owner: "host3.example" }],
    });
  });
});

describe("aliases", () => {
  const zone = zoneOf([
    ["*.example", "CNAME", "target.test"],
    ["both.example", "CNAME", "target.test"],
    ["both.example", "TXT", "beside"],
  ]);

  it("a wildcard CNAME makes every absent name an alias, for every type", () => {
    for (const type of ["A", "TXT", "HTTPS"]) {
      expect(answerQuestion(zone, "autoconfig.example", type)).toMatchObject({
        kind: "alias",
        target: "target.test",
        record: { owner: "autoconfig.example" },
      });
    }
    expect(answerQuestion(zone, "autoconfig.example", "CNAME").kind).toBe("answer");
  });

  it("a type beside the CNAME, which Cloudflare permits, is answered itself", () => {
    expect(answerQuestion(zone, "both.example", "TXT").kind).toBe("answer");
    expect(answerQuestion(zone, "both.example", "A").kind).toBe("alias");
  });
});

/** Existence and sources of synthesis by searching the whole list, with no tree and no walk. */
function oracle(lines: readonly Line[], name: string, type: string): string {
  const owners = [...lines.map(([owner]) => owner), "example"];
  const exists = (candidate: string): boolean =>
    owners.some((owner) => owner === candidate || owner.endsWith(`.${candidate}`));
  const at = (owner: string): string => {
    const types = lines.filter((line) => line[0] === owner).map((line) => line[1]);
    return types.includes(type) ? "answer" : types.includes("CNAME") ? "alias" : "nodata";
  };
  if (exists(name)) return at(name);
  const ancestors = name.split(".").map((_, index, labels) => labels.slice(index).join("."));
  const encloser = ancestors.find(exists) ?? "";
  return exists(`*.${encloser}`) ? at(`*.${encloser}`) : "nxdomain";
}

it("agrees with a search of the whole zone for any zone and any question", () => {
  const label = fc.constantFrom("a", "b", "*", "_tcp");
  const name = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map((labels) => [...labels, "example"].join("."));
  const type = fc.constantFrom("A", "TXT", "CNAME");
  const lines = fc.array(fc.tuple(name, type, fc.constant("x")), { maxLength: 8 });
  fc.assert(
    fc.property(lines, name, type, (zone, asked, askedType) => {
      expect(answerQuestion(zoneOf(zone), asked, askedType).kind).toBe(oracle(zone, asked, askedType));
    }),
    { numRuns: 2_000 },
  );
});
