import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { QueryType, Resolution } from "../../src/clients/world/world.ts";
import { checkRecords } from "../../src/doctor/check-records.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";
import { plannedWorld } from "./planned-world.ts";

const options = { zone: "example.com", workersDevHost: "mail-autodiscover.example.workers.dev" };

/** The finding about a name where the world answers a type, or every one, with `resolution`. */
async function findingWith(
  name: string,
  type: QueryType | undefined,
  resolution: Resolution,
): Promise<Finding | undefined> {
  const domain = sampleDomain();
  const world = plannedWorld(domain, options, {
    resolve: (asked, askedType) =>
      asked === name && (type ?? askedType) === askedType ? resolution : undefined,
  });
  const findings = await checkRecords(domain, options, world);
  return findings.find(({ subject }) => subject.startsWith(`${name} ${type ?? ""}`));
}

test("a deployment as planned passes, with one finding for each name and type", async () => {
  const domain = sampleDomain();
  const findings = await checkRecords(domain, options, plannedWorld(domain, options));
  expect(findings.map(({ status, subject }) => `${status} ${subject}`)).toEqual([
    "pass autoconfig.example.com A/AAAA",
    "pass autodiscover.example.com A/AAAA",
    "pass ua-auto-config.example.com A/AAAA",
    "pass _ua-auto-config.example.com TXT",
    "pass _autodiscover._tcp.example.com SRV",
    "pass _imaps._tcp.example.com SRV",
    "pass _imap._tcp.example.com SRV",
    "pass _pop3s._tcp.example.com SRV",
    "pass _pop3._tcp.example.com SRV",
    "pass _submissions._tcp.example.com SRV",
    "pass _submission._tcp.example.com SRV",
    "pass mail.example.com A",
    "pass mail.example.com AAAA",
    "pass imap.example.com CNAME",
    "pass smtp.example.com CNAME",
  ]);
});

test("any domain passes in the world of its plan, at the apex of its zone or below", async () => {
  await fc.assert(
    fc.asyncProperty(anyDomain, fc.boolean(), async (apex, isApex) => {
      const domain = isApex ? apex : { ...apex, domain: `dept.${apex.domain}` };
      const here = { ...options, zone: apex.domain };
      const findings = await checkRecords(domain, here, plannedWorld(domain, here));
      // Whether somebody else's host has an address no plan can tell.
      const isElsewhere = ({ status, observed }: Finding): boolean =>
        domain.publish.kind === "origin" &&
        status === "unknown" &&
        observed?.startsWith(domain.publish.host) === true;
      expect(findings.filter((each) => each.status !== "pass" && !isElsewhere(each))).toEqual([]);
    }),
  );
});

test("an absent SRV record fails, with what was expected and what to do", async () => {
  expect(await findingWith("_imaps._tcp.example.com", "SRV", { state: "absent" })).toEqual({
    code: "dns-record",
    status: "fail",
    subject: "_imaps._tcp.example.com SRV",
    expected: "0 1 993 mail.example.com",
    observed: "none",
    remedy: "Run the deployment again, and look for a record of somebody else.",
  });
});

test("another SRV record, or one too many, fails", async () => {
  for (const data of [
    ["0 1 995 mail.example.com"],
    ["0 1 993 mail.example.com", "0 1 993 old.example.com"],
  ]) {
    const finding = await findingWith("_imaps._tcp.example.com", "SRV", { state: "found", data });
    expect(finding).toMatchObject({ status: "fail", observed: data.join(" | ") });
  }
});

test("a name that could not be looked up is unknown, never missing", async () => {
  const reason = "timeout";
  for (const [name, type] of [
    ["_imaps._tcp.example.com", "SRV"],
    ["mail.example.com", "A"],
    ["autoconfig.example.com", undefined],
  ] as const) {
    const finding = await findingWith(name, type, { state: "unknown", reason });
    expect(finding).toMatchObject({ status: "unknown", observed: reason });
  }
});

test("another address of a mail host fails, and so does none", async () => {
  const other: Resolution = { state: "found", data: ["192.0.2.9"] };
  expect(await findingWith("mail.example.com", "A", other)).toMatchObject({
    status: "fail",
    observed: "192.0.2.9",
  });
  expect(await findingWith("mail.example.com", "A", { state: "absent" })).toMatchObject({ status: "fail" });
});

test("where a closed network leads its mail hosts, that address is the one that counts", async () => {
  const domain = sampleDomain();
  const led = { ...options, mailHostAddress: "127.0.0.1" };
  const look = async (data: readonly string[]): Promise<readonly Finding[]> => {
    const resolve = (name: string, type: QueryType): Resolution | undefined =>
      name === "mail.example.com" && type === "A" ? { state: "found", data } : undefined;
    const findings = await checkRecords(domain, led, plannedWorld(domain, options, { resolve }));
    return findings.filter(({ subject }) => subject.startsWith("mail.example.com"));
  };
  expect(await look(["127.0.0.1"])).toMatchObject([{ status: "pass", expected: "127.0.0.1" }]);
  expect(await look(["203.0.113.25"])).toMatchObject([
    { status: "fail", observed: "203.0.113.25, 2001:db8::25" },
  ]);
});

test("a discovery host passes with any address of either family, and fails without one", async () => {
  const domain = sampleDomain();
  const look = async (resolve: (name: string, type: QueryType) => Resolution): Promise<Finding | undefined> =>
    (await checkRecords(domain, options, plannedWorld(domain, options, { resolve }))).at(0);
  const onlySix = await look((_, type) =>
    type === "AAAA" ? { state: "found", data: ["2001:db8::80"] } : { state: "unknown", reason: "timeout" },
  );
  expect(onlySix).toMatchObject({ status: "pass", observed: "2001:db8::80" });
  expect(await look(() => ({ state: "absent" }))).toMatchObject({ status: "fail", observed: "none" });
});

test("the order of an answer does not matter", async () => {
  const imap = [{ host: "imap1.example.com" }, { host: "imap2.example.com" }];
  const domain = sampleDomain({ mailServer: { imap } });
  const data = ["10 1 993 imap2.example.com", "0 1 993 imap1.example.com"];
  const world = plannedWorld(domain, options, {
    resolve: (name) => (name === "_imaps._tcp.example.com" ? { state: "found", data } : undefined),
  });
  const findings = await checkRecords(domain, options, world);
  expect(findings.every(({ status }) => status === "pass")).toBe(true);
});

test("a text that others share a name with passes beside theirs", async () => {
  const domain = sampleDomain({ spf: "v=spf1 mx -all" });
  const spf = async (data: readonly string[]): Promise<string | undefined> => {
    const world = plannedWorld(domain, options, {
      resolve: (name, type) =>
        name === "example.com" && type === "TXT" ? { state: "found", data: [...data] } : undefined,
    });
    const findings = await checkRecords(domain, options, world);
    return findings.find(({ subject }) => subject === "example.com TXT")?.status;
  };
  expect(await spf(["v=spf1 mx -all", "site-verification=1"])).toBe("pass");
  expect(await spf(["v=spf1 include:_spf.example.net mx ~all"])).toBe("pass");
  expect(await spf(["v=spf1 include:_spf.example.net ~all"])).toBe("fail");
});

test("a name that nobody asked for is somebody else's to have", async () => {
  const finding = await findingWith("smtp.example.com", "CNAME", { state: "absent" });
  expect(finding?.status).toBe("warn");
});

test("in a closed network a mail host may lead to the network's own address; a public one has to be the spec's", async () => {
  const check = async (address: string): Promise<readonly Finding[]> =>
    checkRecords(
      sampleDomain({ mailServer: { addresses: ["203.0.113.25", "2001:db8::25"] } }),
      { ...options, isClosedAddress: (one) => one.startsWith("10.") },
      plannedWorld(sampleDomain(), options, {
        resolve: (name, type) => {
          if (name !== "mail.example.com" || !["A", "AAAA"].includes(type)) return undefined;
          return type === "A" ? { state: "found", data: [address] } : { state: "absent" };
        },
      }),
    );
  const ofHost = (findings: readonly Finding[]): readonly string[] =>
    findings
      .filter(({ subject }) => subject.startsWith("mail.example.com "))
      .map(({ subject, status, observed }) => `${subject} ${status} ${observed}`);
  expect(ofHost(await check("10.0.0.25"))).toEqual(["mail.example.com A/AAAA pass 10.0.0.25"]);
  expect(ofHost(await check("198.51.100.1"))).toEqual([
    "mail.example.com A fail 198.51.100.1",
    "mail.example.com AAAA fail none",
  ]);
});
