import { describe, expect, test } from "vitest";
import type { DnssecState } from "../../../../src/certificates/ports.ts";
import type { QueryType, Resolution } from "../../../../src/clients/world/world.ts";
import { checkCaa } from "../../../../src/doctor/checks/names/caa.ts";
import { checkDnssec } from "../../../../src/doctor/checks/names/dnssec.ts";
import { checkDomainExists } from "../../../../src/doctor/checks/names/domain-exists.ts";
import { checkStaleRecords } from "../../../../src/doctor/checks/names/stale-records.ts";
import { checkWildcards } from "../../../../src/doctor/checks/names/wildcards.ts";
import { sampleDomain } from "../../../spec/sample-domain.ts";
import { foreignSubject, plannedSubject, troublesOf } from "../check-subject.ts";

async function wildcards(...records: readonly string[]): Promise<readonly string[]> {
  const findings = await checkWildcards.run(foreignSubject({ zones: { "example.com": records } }));
  return findings.map(({ status, subject, observed }) => `${status} ${subject}: ${observed ?? ""}`);
}

test("a domain that does not exist fails; one of which a single name exists, or is not known, may be there", async () => {
  const existing = async (found: Resolution, at = "example.com"): Promise<readonly string[]> => {
    const resolve = async (name: string): Promise<Resolution> =>
      name === at ? found : { state: "absent", isNoName: true };
    return troublesOf(
      checkDomainExists,
      foreignSubject({ zones: { "example.com": [] } }, { world: { resolve } }),
    );
  };
  expect(await existing({ state: "absent", isNoName: true })).toEqual([
    "fail domain example.com: no such name (NXDOMAIN), and nothing below it",
  ]);
  expect(await existing({ state: "absent" })).toEqual([]);
  expect(await existing({ state: "unknown", reason: "silence" })).toEqual([]);
  expect(await existing({ state: "found", data: ["203.0.113.1"] }, "autoconfig.example.com")).toEqual([]);
});

describe("names and wildcards", () => {
  test("without a wildcard each discovery name is explicit, foreign or absent", async () => {
    expect(
      await wildcards(
        "autoconfig.example.com A 203.0.113.80",
        "autodiscover.example.com CNAME autodiscover.example.net",
      ),
    ).toEqual([
      "pass autoconfig.example.com A/AAAA: explicit: 203.0.113.80",
      "pass autodiscover.example.com A/AAAA: at a host of somebody else: CNAME autodiscover.example.net, no address",
      "pass ua-auto-config.example.com A/AAAA: absent",
      "pass mta-sts.example.com A/AAAA: absent",
      "pass _tcp.example.com SRV: no wildcard answers for services",
    ]);
  });

  test("a name that is answered as any other below the domain is shadowed; a TXT record of its own ends that", async () => {
    expect(
      await wildcards(
        "*.example.com A 203.0.113.99",
        "autoconfig.example.com A 203.0.113.80",
        "mta-sts.example.com TXT none",
        "mail.example.com A 203.0.113.25",
        "_imaps._tcp.example.com SRV 0 1 993 mail.example.com",
      ),
    ).toEqual([
      "pass autoconfig.example.com A/AAAA: explicit: 203.0.113.80",
      "warn autodiscover.example.com A/AAAA: answered by a wildcard: 203.0.113.99",
      "warn ua-auto-config.example.com A/AAAA: answered by a wildcard: 203.0.113.99",
      "pass mta-sts.example.com A/AAAA: absent",
      "warn guessed names below example.com: answered by a wildcard: imap, pop, pop3, smtp",
      "pass _tcp.example.com SRV: no wildcard answers for services",
    ]);
  });

  test("a wildcard alias answers for services, too, until one of them has a record", async () => {
    const alias = "*.example.com CNAME www.example.net";
    expect((await wildcards(alias)).at(-1)).toBe(
      "warn _tcp.example.com SRV: any service is answered by a wildcard: CNAME www.example.net, no address",
    );
    const ended = await wildcards(alias, "_imaps._tcp.example.com SRV 0 1 993 mail.example.com");
    expect(ended.at(-1)).toBe("pass _tcp.example.com SRV: no wildcard answers for services");
  });

  test("with a spec that shadows wildcards a shadowed name is a failure, unless its document is ours", async () => {
    const everywhere = (name: string, type: QueryType): Resolution | undefined =>
      type === "A" && name !== "mail.example.com" ? { state: "found", data: ["203.0.113.80"] } : undefined;
    const troubles = await troublesOf(
      checkWildcards,
      plannedSubject(sampleDomain(), { resolve: everywhere }),
    );
    expect(troubles).toEqual([
      "fail wildcard mta-sts.example.com A/AAAA: answered by a wildcard: 203.0.113.80",
      expect.stringContaining("warn wildcard guessed names") as unknown,
    ]);
  });
});

describe("records left behind", () => {
  const stale = async (...records: readonly string[]): Promise<readonly string[]> =>
    troublesOf(checkStaleRecords, foreignSubject({ zones: { "example.com": records } }));

  test("a record of a provider that receives no mail of the domain is a leftover", async () => {
    const alias = "autodiscover.example.com CNAME autodiscover.outlook.com";
    expect(await stale(alias, "example.com MX 10 mail.example.com")).toEqual([
      "warn stale-record autodiscover.example.com CNAME: autodiscover.outlook.com (Microsoft 365)",
    ]);
    expect(await stale(alias, "example.com MX 0 example-com.mail.protection.outlook.com")).toEqual([]);
  });

  test("with a spec of another server it is a failure, and only a warning for delivery", async () => {
    const resolve = (name: string, type: QueryType): Resolution | undefined => {
      if (name === "autodiscover.example.com" && (type === "A" || type === "AAAA"))
        return { state: "found", data: ["203.0.113.1"], aliases: ["autodiscover.outlook.com"] };
      if (name === "example.com" && type === "TXT")
        return { state: "found", data: ["v=spf1 include:spf.protection.outlook.com mx -all"] };
      return undefined;
    };
    expect(await troublesOf(checkStaleRecords, plannedSubject(sampleDomain(), { resolve }))).toEqual([
      "fail stale-record autodiscover.example.com CNAME: autodiscover.outlook.com (Microsoft 365)",
      "warn stale-record example.com TXT: v=spf1 include:spf.protection.outlook.com mx -all (Microsoft 365)",
    ]);
  });

  test("only an alias whose end does not exist can be taken over; one without addresses or without an answer is left alone", async () => {
    const look = async (resolution: Resolution): Promise<readonly string[]> =>
      troublesOf(
        checkStaleRecords,
        foreignSubject(
          { zones: { "example.com": [] } },
          {
            world: {
              resolve: async (name, type) =>
                name === "autoconfig.example.com" && (type === "A" || type === "AAAA")
                  ? resolution
                  : { state: "absent" },
            },
          },
        ),
      );
    const aliases = ["gone.example.net"];
    expect(await look({ state: "absent", isNoName: true, aliases })).toEqual([
      "fail stale-record autoconfig.example.com CNAME: gone.example.net does not exist: whoever registers it answers for this name",
    ]);
    expect(await look({ state: "absent", isNoName: true, aliases: ["old.example.com"] })).toEqual([
      "warn stale-record autoconfig.example.com CNAME: old.example.com does not exist",
    ]);
    expect(await look({ state: "absent", aliases })).toEqual([]);
    expect(await look({ state: "unknown", reason: "SERVFAIL" })).toEqual([
      "unknown stale-record records below example.com: SERVFAIL",
    ]);
  });
});

test.each<[DnssecState, string]>([
  ["secure", "pass"],
  ["insecure", "pass"],
  ["bogus", "fail"],
  ["unknown", "unknown"],
])("DNSSEC that is %s is %s", async (state, status) => {
  const subject = foreignSubject({ zones: { "example.com": [] } }, { dnssec: async () => state });
  expect(await checkDnssec.run(subject)).toMatchObject([{ status }]);
});

test("CAA has to allow our CA, the wildcard and our account; what could not be asked is unknown", async () => {
  const look = async (answer: Resolution): Promise<readonly string[]> => {
    const resolve = (_: string, type: QueryType): Resolution | undefined =>
      type === "CAA" ? answer : undefined;
    const options = { accountUrl: "https://ca.example.net/1" };
    return troublesOf(checkCaa, plannedSubject(sampleDomain(), { resolve }, { options }));
  };
  expect(await look({ state: "absent" })).toEqual([]);
  expect(
    await look({ state: "found", data: ["0 issue letsencrypt.org; accounturi=https://ca.example.net/1"] }),
  ).toEqual([]);
  expect(await look({ state: "found", data: ["0 issue letsencrypt.org", "0 issuewild ;"] })).toEqual([
    expect.stringMatching(
      /^fail caa CAA for \*\.example\.com: example\.com: issuewild allows only/,
    ) as unknown,
  ]);
  const bound = await look({
    state: "found",
    data: ["0 issue letsencrypt.org; accounturi=https://ca.example.net/2"],
  });
  expect(bound[0]).toMatch(/^fail caa .*bound to the account https:\/\/ca\.example\.net\/2/);
  expect((await look({ state: "unknown", reason: "SERVFAIL" }))[0]).toMatch(/^unknown caa/);
});
