import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerProbe } from "../../../src/dns/wildcard/answer-probe.ts";
import { findLosses } from "../../../src/dns/wildcard/find-losses.ts";
import type { WildcardLoss } from "../../../src/dns/wildcard/wildcard-report.ts";
import { indexZoneNames } from "../../../src/dns/wildcard/zone-names.ts";
import type { ZoneRecord } from "../../../src/dns/wildcard/zone-record.ts";
import { generatedZone } from "./generated-zone.ts";
import { zoneRecords } from "./wildcard-domain.ts";

const APEX = "example.com";

function lossesOf(
  zone: readonly ZoneRecord[],
  ours: readonly ZoneRecord[],
  accept: readonly string[] = [],
): readonly WildcardLoss[] {
  const before = indexZoneNames(APEX, zone);
  const after = indexZoneNames(APEX, [...zone, ...ours]);
  return findLosses({ before, after, accept, isTransient: false });
}

const shown = (zone: readonly string[], ours: readonly string[]): readonly string[] =>
  lossesOf(zoneRecords(...zone), zoneRecords(...ours)).map(({ name, because, lost, weight }) => {
    return `${weight}: ${name} by ${because} lost ${lost.map(({ type }) => type).join(" ")}`;
  });

const WEB = "*.example.com A 203.0.113.80";

test("autoconfig.dept takes dept from the wildcard, and every name between", () => {
  expect(shown([WEB], ["autoconfig.dept.example.com AAAA 100:: proxied"])).toEqual([
    "problem: dept.example.com by autoconfig.dept.example.com lost A",
  ]);
  expect(shown([WEB], ["mail.eu.dept.example.com A 203.0.113.25"])).toEqual([
    "problem: dept.example.com by mail.eu.dept.example.com lost A",
    "problem: eu.dept.example.com by mail.eu.dept.example.com lost A",
  ]);
});

test("_acme-challenge.mail.dept darkens mail.dept", () => {
  expect(shown([WEB], ["_acme-challenge.mail.dept.example.com TXT x"])).toEqual([
    "problem: dept.example.com by _acme-challenge.mail.dept.example.com lost A",
    "problem: mail.dept.example.com by _acme-challenge.mail.dept.example.com lost A",
  ]);
});

describe("a name that bears a record of ours", () => {
  test("is no loss where the wildcard said no more than we do, in either address type", () => {
    expect(shown([WEB, "*.example.com AAAA 2001:db8::80"], ["mail.example.com A 203.0.113.25"])).toEqual([]);
  });

  test("is a warning where it has addresses and the wildcard said more", () => {
    expect(shown([WEB, "*.example.com MX mx.example.net"], ["mail.example.com A 203.0.113.25"])).toEqual([
      "warning: mail.example.com by mail.example.com lost MX",
    ]);
  });

  test("is a problem where its addresses are gone: a TXT at the domain switches its web site off", () => {
    expect(shown([WEB], ["dept.example.com TXT v=spf1 -all"])).toEqual([
      "problem: dept.example.com by dept.example.com lost A",
    ]);
  });

  test("is as intended where it is a discovery name", () => {
    expect(shown([WEB], ["mta-sts.example.com TXT no mta-sts service"])).toEqual([]);
  });
});

describe("a name with an underscore", () => {
  test("is lost in form only: nobody asks _tcp for an address", () => {
    expect(shown([WEB], ["_imaps._tcp.example.com SRV 1 993 mail.example.com"])).toEqual([
      "note: _tcp.example.com by _imaps._tcp.example.com lost A",
    ]);
  });

  test.each([
    [
      "*.example.com SRV 1 5061 sip.example.net",
      "_imaps._tcp.example.com SRV 1 993 mail.example.com",
      "_tcp",
    ],
    ["*.example.com TLSA 3 1 1 00", "_imaps._tcp.example.com SRV 1 993 mail.example.com", "_tcp"],
    ["*.example.com TXT v=DKIM1; p=AAAA", "s1._domainkey.example.com TXT v=DKIM1; p=BBBB", "_domainkey"],
  ])("is a real loss where %s answered for others below it", (wildcard, ours, label) => {
    expect(shown([wildcard], [ours])).toEqual([
      `problem: ${label}.example.com by ${ours.split(" ")[0]} lost ${wildcard.split(" ")[1]}`,
    ]);
  });

  test.each([
    ["v=spf1 -all", "note"],
    ["v=DMARC1; p=reject", "note"],
    ["k=rsa; p=AAAA", "problem"],
    ['"v=DKIM1; k=ed25519; p=AAAA"', "problem"],
  ])("below _domainkey, a wildcard text %s is lost as a %s", (text, weight) => {
    expect(shown([`*.example.com TXT ${text}`], ["s1._domainkey.example.com TXT v=DKIM1; p=B"])).toEqual([
      `${weight}: _domainkey.example.com by s1._domainkey.example.com lost TXT`,
    ]);
  });
});

test("a name that existed before, as an empty non-terminal or below a cut, loses nothing", () => {
  expect(shown([WEB, "www.dept.example.com A 203.0.113.81"], ["dept.example.com TXT x"])).toEqual([]);
  expect(shown([WEB, "dept.example.com NS ns.example.net"], ["a.b.dept.example.com A 203.0.113.9"])).toEqual(
    [],
  );
});

test("a wildcard that leads to itself, or stands below a cut, answered nobody and nothing is lost", () => {
  expect(shown(["*.example.com CNAME x.example.com"], ["a.dept.example.com TXT x"])).toEqual([]);
  const delegated = ["sub.example.com NS ns.example.net", "*.sub.example.com A 203.0.113.80"];
  expect(shown(delegated, ["a.dept.sub.example.com TXT x"])).toEqual([]);
});

test("a wildcard deeper down is another name's", () => {
  expect(shown(["*.shop.example.com A 203.0.113.80"], ["autoconfig.dept.example.com A 203.0.113.9"])).toEqual(
    [],
  );
});

test("what another domain's records take is left to its own report", () => {
  const before = indexZoneNames(APEX, zoneRecords(WEB));
  const ours = zoneRecords("mail.eu.example.com A 203.0.113.25", "autoconfig.dept.example.com A 203.0.113.9");
  const after = indexZoneNames(APEX, [...zoneRecords(WEB), ...ours]);
  const own = ["autoconfig.dept.example.com"];
  const losses = findLosses({ before, after, own, accept: [], isTransient: false });
  expect(losses.map(({ name }) => name)).toEqual(["dept.example.com"]);
});

test("a loss that the spec accepts says so", () => {
  const ours = zoneRecords("autoconfig.dept.example.com A 203.0.113.9");
  const [loss] = lossesOf(zoneRecords(WEB), ours, ["dept.example.com"]);
  expect(loss?.accepted).toBe(true);
});

test("any name that stops being answered by a wildcard lies at or below a loss, in any zone", () => {
  const label = fc.constantFrom("a", "b", "c", "*");
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => [...labels, APEX].join("."));
  const wildcard = fc.array(label, { maxLength: 2 }).map((labels) => ["*", ...labels, APEX].join("."));
  const record = (owner: string): ZoneRecord => ({
    name: owner,
    type: "A",
    content: "203.0.113.80",
    proxied: false,
  });
  const text = (owner: string): ZoneRecord => ({ name: owner, type: "TXT", content: "x", proxied: false });
  let lostNames = 0;
  fc.assert(
    fc.property(
      fc.array(wildcard, { minLength: 1, maxLength: 3 }),
      fc.array(name, { maxLength: 3 }),
      fc.array(name, { minLength: 1, maxLength: 2 }),
      fc.array(name, { minLength: 10, maxLength: 20 }),
      (wildcards, others, ours, asked) => {
        const zone = [...wildcards, ...others].map(record);
        const losses = lossesOf(zone, ours.map(text));
        const before = indexZoneNames(APEX, zone);
        const after = indexZoneNames(APEX, [...zone, ...ours.map(text)]);
        for (const one of [...asked, ...losses.map((loss) => loss.name)]) {
          const isLost =
            answerProbe(before, one, "A").kind === "wildcard" &&
            answerProbe(after, one, "A").records.length === 0;
          const isNamed = losses.some((loss) => one === loss.name || one.endsWith(`.${loss.name}`));
          const isLoss = losses.some((loss) => loss.name === one);
          expect({ one, isLost, isNamed: isLost && isNamed, isLoss: isLoss && isLost }).toEqual({
            one,
            isLost,
            isNamed: isLost,
            isLoss,
          });
          lostNames += isLost ? 1 : 0;
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(lostNames).toBeGreaterThan(500);
});

test("a record that the zone had already takes nothing away, in any zone", () => {
  fc.assert(
    fc.property(generatedZone({ isCloudflare: true }), (generated) => {
      const records = generated.recordsAt(APEX);
      expect(lossesOf(records, records)).toEqual([]);
    }),
  );
});
