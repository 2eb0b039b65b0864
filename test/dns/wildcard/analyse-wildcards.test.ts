import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyseWildcards } from "../../../src/dns/wildcard/analyse-wildcards.ts";
import { deriveTombstones } from "../../../src/dns/wildcard/derive-tombstones.ts";
import { zoneRecordOf } from "../../../src/dns/wildcard/zone-record.ts";
import type { WildcardReport } from "../../../src/dns/wildcard/wildcard-report.ts";
import type { WildcardPolicy } from "../../../src/spec/mail-domain.ts";
import { generatedZone } from "./generated-zone.ts";
import { wildcardDomain, zoneRecords } from "./wildcard-domain.ts";

const WEB = "*.example.com A 203.0.113.80";

interface Case {
  readonly domain?: string;
  readonly zone?: readonly string[];
  readonly ours?: readonly string[];
  readonly wildcard?: Partial<WildcardPolicy>;
  readonly transient?: readonly string[];
}

function analyse({
  domain = "example.com",
  zone = [WEB],
  ours = [],
  wildcard,
  transient,
}: Case): WildcardReport {
  const before = zoneRecords(...zone);
  const after = [...before, ...zoneRecords(...ours)];
  return analyseWildcards({
    domain: wildcardDomain(domain, wildcard),
    zone: "example.com",
    before,
    after,
    transient,
  });
}

const codes = (issues: WildcardReport["problems"]): readonly string[] =>
  issues.map((issue) => `${issue.code} ${"loss" in issue ? issue.loss.name : issue.caught.name}`);

const SERVED = [
  "autoconfig.example.com CNAME host.example.net",
  "autodiscover.example.com CNAME host.example.net",
  "ua-auto-config.example.com CNAME host.example.net",
  "_imaps._tcp.example.com SRV 1 993 mail.example.com",
  "mail.example.com A 203.0.113.25",
];
const TOMBSTONE = "mta-sts.example.com TXT no mta-sts service";

describe("names that a wildcard caught", () => {
  test("are named with the wildcard, who answered, what that host would get, and what is there now", () => {
    const { caught } = analyse({ ours: [...SERVED, TOMBSTONE] });
    const answers = [{ type: "A", content: "203.0.113.80", proxied: false }];
    const common = { types: ["A"], owner: "*.example.com", answers };
    expect(caught.filter(({ role }) => role !== "guess")).toEqual([
      { ...common, name: "autoconfig.example.com", role: "discovery", exposure: "settings", now: "explicit" },
      {
        ...common,
        name: "autodiscover.example.com",
        role: "discovery",
        exposure: "password",
        now: "explicit",
      },
      {
        ...common,
        name: "ua-auto-config.example.com",
        role: "discovery",
        exposure: "settings",
        now: "explicit",
      },
      { ...common, name: "mta-sts.example.com", role: "discovery", exposure: "delivery", now: "tombstone" },
      { ...common, name: "mail.example.com", role: "service", exposure: "password", now: "explicit" },
    ]);
  });

  test("are SRV and TXT names, too, where the wildcard is a CNAME, and answered by what stands behind it", () => {
    const zone = ["*.example.com CNAME www.example.com", "www.example.com A 203.0.113.80"];
    const { caught } = analyse({ zone, ours: SERVED });
    expect(caught).toContainEqual({
      name: "_jmap._tcp.example.com",
      role: "service",
      types: ["SRV"],
      owner: "*.example.com",
      answers: [{ type: "CNAME", content: "www.example.com", proxied: false }],
      exposure: "settings",
      now: "blocked",
    });
    const autodiscover = caught.find(({ name }) => name === "autodiscover.example.com");
    expect(autodiscover?.answers.map(({ content }) => content)).toEqual(["www.example.com", "203.0.113.80"]);
  });

  test("say that the wildcard is proxied", () => {
    const { caught } = analyse({ zone: [`${WEB} proxied`] });
    expect(caught[0]).toMatchObject({
      types: ["A", "AAAA"],
      answers: [{ proxied: true }],
      now: "still-wildcard",
    });
  });

  test("are not those with a record, an empty non-terminal or a zone of their own", () => {
    const { caught } = analyse({
      zone: [
        WEB,
        "autoconfig.example.com TXT x",
        "_x.autodiscover.example.com TXT x",
        "mta-sts.example.com NS ns.example.net",
      ],
    });
    expect(caught.filter(({ role }) => role === "discovery").map(({ name }) => name)).toEqual([
      "ua-auto-config.example.com",
    ]);
  });

  test("include the domain itself where it lies below a wildcard's parent", () => {
    const { caught } = analyse({
      domain: "dept.example.com",
      ours: ["autoconfig.dept.example.com A 203.0.113.9"],
    });
    expect(caught).toContainEqual(
      expect.objectContaining({ name: "dept.example.com", exposure: "password", now: "blocked" }),
    );
  });
});

describe("the policy", () => {
  test.each([
    ["shadow", SERVED, ["discovery-name-caught mta-sts.example.com"], []],
    ["shadow", [...SERVED, TOMBSTONE], [], []],
    ["forbid", SERVED, ["discovery-name-caught mta-sts.example.com"], []],
    ["allow", SERVED, [], ["discovery-name-caught mta-sts.example.com"]],
  ] as const)("%s with %j", (policy, ours, problems, warnings) => {
    const report = analyse({ ours, wildcard: { policy } });
    expect(codes(report.problems)).toEqual(problems);
    expect(codes(report.warnings).filter((code) => code.startsWith("discovery"))).toEqual(warnings);
  });

  test("shadow makes no problem of the domain's own name, where no tombstone may stand", () => {
    const { problems, warnings } = analyse({ domain: "dept.example.com" });
    expect(codes(problems)).toHaveLength(4);
    expect(codes(warnings)).toContain("discovery-name-caught dept.example.com");
  });

  test("never makes a problem of a server's name: a working one may stand behind the wildcard", () => {
    for (const policy of ["shadow", "forbid", "allow"] as const) {
      const ours = [...SERVED.filter((line) => !line.startsWith("mail")), TOMBSTONE];
      const { problems, warnings } = analyse({ ours, wildcard: { policy } });
      expect(problems).toEqual([]);
      expect(codes(warnings)).toEqual(
        expect.arrayContaining([
          "service-name-caught mail.example.com",
          "guess-name-caught smtp.example.com",
        ]),
      );
    }
  });

  test("warns of a guessed name that the wildcard led to another host", () => {
    const taken = analyse({
      ours: ["smtp.example.com CNAME mail.example.com", "mail.example.com A 203.0.113.25"],
    });
    expect(codes(taken.warnings)).toContain("guess-name-taken smtp.example.com");
    const same = analyse({
      ours: ["smtp.example.com CNAME mail.example.com", "mail.example.com A 203.0.113.80"],
    });
    expect(codes(same.warnings)).not.toContain("guess-name-taken smtp.example.com");
  });

  test("warns of a service that a wildcard below _tcp announces", () => {
    const { warnings } = analyse({ zone: ["*._tcp.example.com SRV 1 443 www.example.com"], ours: SERVED });
    expect(codes(warnings)).toContain("service-name-caught _jmap._tcp.example.com");
    expect(codes(warnings)).not.toContain("service-name-caught _imaps._tcp.example.com");
  });
});

describe("wildcards", () => {
  test("are those beside a name on the way to a probed one", () => {
    const zone = [
      WEB,
      "*._tcp.example.com TXT x",
      "*.shop.example.com A 203.0.113.81",
      "*.dept.example.com A 203.0.113.82",
    ];
    expect(analyse({ zone }).wildcards).toEqual(["*._tcp.example.com", "*.example.com"]);
    expect(analyse({ zone, domain: "dept.example.com" }).wildcards).toEqual([
      "*.dept.example.com",
      "*.example.com",
    ]);
  });

  test("a zone without one gives an empty report", () => {
    expect(analyse({ zone: ["www.example.com A 203.0.113.80"], ours: SERVED })).toEqual({
      wildcards: [],
      caught: [],
      losses: [],
      problems: [],
      warnings: [],
    });
  });
});

test("a challenge that darkens a server is told as such, at each run, until it is accepted", () => {
  const zone = [WEB, ...SERVED.filter((line) => !line.startsWith("mail")), TOMBSTONE];
  const transient = ["_acme-challenge.example.com", "_acme-challenge.mail.example.com"];
  const report = analyse({ zone, transient });
  expect(codes(report.problems)).toEqual(["name-lost mail.example.com"]);
  expect(report.losses).toEqual([
    expect.objectContaining({ isTransient: true, because: "_acme-challenge.mail.example.com" }),
  ]);
  const accept = ["mail.example.com"];
  expect(analyse({ zone, transient, wildcard: { accept } }).problems).toEqual([]);
  // A server with a record of its own is never dark.
  const explicit = [...zone, "mail.example.com A 203.0.113.25"];
  expect(analyse({ zone: explicit, transient }).losses).toEqual([]);
});

test("in any zone, tombstones leave no discovery name to a wildcard and stand nowhere else", () => {
  const label = (name: string): string => name.slice(0, name.indexOf("."));
  let made = 0;
  fc.assert(
    fc.property(
      generatedZone({ isCloudflare: true }),
      fc.constantFrom("example.com", "a.example.com", "b.a.example.com"),
      (generated, name) => {
        const domain = wildcardDomain(name);
        const before = generated.recordsAt("example.com");
        const tombstones = deriveTombstones(domain, "example.com", before, []);
        const after = [...before, ...tombstones.map(zoneRecordOf)];
        const bare = analyseWildcards({ domain, zone: "example.com", before, after: before });
        const report = analyseWildcards({ domain, zone: "example.com", before, after });
        const needy = bare.caught.filter(({ role }) => role === "discovery").map((one) => one.name);
        expect(codes(report.problems).filter((code) => code.startsWith("discovery"))).toEqual([]);
        expect(tombstones.map((one) => one.name).toSorted()).toEqual(
          needy.filter((one) => one !== name).toSorted(),
        );
        expect(tombstones.every((one) => one.text.includes(label(one.name)))).toBe(true);
        made += tombstones.length;
      },
    ),
    { numRuns: 1_000 },
  );
  expect(made).toBeGreaterThan(100);
});
