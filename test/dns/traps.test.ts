/** Traps 12, 16 and 17 of other implementations: what stands in the zone beside the documents. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { FORMER_PROVIDERS } from "../../src/dns/comparison/former-providers.ts";
import type { ObservedRecord } from "../../src/dns/observed-zone.ts";
import { planProgram, type ProgramPlan } from "../../src/dns/plan/plan-program.ts";
import type { SrvRecord, WantedRecord } from "../../src/dns/wanted-record.ts";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import { deriveClientSettings, hasServers } from "../../src/documents/client-settings.ts";
import { DISCOVERY_LABELS } from "../../src/spec/discovery-labels.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { PRESETS } from "../../src/spec/presets/presets.ts";
import { anyDomain, sampleDomain, type SampleInput } from "../spec/sample-domain.ts";
import { observedRecord, observedZone } from "./observed-zone.ts";
import { applyPlan } from "./plan/apply-plan.ts";
import { identity } from "./plan/sample-wish.ts";

const ZONE = "example.com";

function srvOf(records: readonly WantedRecord[], label: string): readonly SrvRecord[] {
  return records.flatMap((record) =>
    record.type === "SRV" && record.name.startsWith(`${label}._tcp.`) ? [record] : [],
  );
}

/** What preview says to a domain, as its file has it, against a zone that holds some records. */
function preview(records: readonly ObservedRecord[], file: SampleInput = {}): ProgramPlan {
  const domain = sampleDomain(file);
  const wanted = deriveRecords(domain, { zone: ZONE, zones: [ZONE] });
  return planProgram({
    domains: [{ domain, wanted }],
    zones: [observedZone(records)],
    visibleZones: [ZONE],
    identity,
    scriptName: "script",
  });
}

const a = (name: string, rest: Partial<ObservedRecord> = {}): ObservedRecord =>
  observedRecord({ type: "A", name: `${name}.${ZONE}`, content: "192.0.2.80", ...rest });
const cname = (name: string, content: string, rest: Partial<ObservedRecord> = {}): ObservedRecord =>
  observedRecord({ type: "CNAME", name: `${name}.${ZONE}`, content, ...rest });

describe("trap 12: SRV records come of the model that the documents come of", () => {
  test("_autodiscover is at 443 only, and at no name that is an alias or proxied", () => {
    let found = 0;
    fc.assert(
      fc.property(anyDomain, (domain) => {
        const records = deriveRecords(domain, { zone: domain.domain, workersDevHost: "a.b.workers.dev" });
        const aliases = records.filter(({ type }) => type === "CNAME").map(({ name }) => name);
        const proxied = records.filter((one) => "proxied" in one && one.proxied).map(({ name }) => name);
        for (const { port, target } of srvOf(records, "_autodiscover")) {
          found += 1;
          expect(port).toBe(443);
          expect([...aliases, ...proxied]).not.toContain(target);
        }
      }),
    );
    expect(found).toBeGreaterThan(50);
  });

  test.each([
    ["is proxied", a("docs", { proxied: true }), "would be proxied"],
    ["is an alias", cname("docs", "host.example.net"), "would be an alias"],
  ])("preview refuses a target that somebody's record %s", (_, record, reason) => {
    for (const publish of [{ srvTarget: "docs.example.com" }, { origin: "docs.example.com" }]) {
      const { problems } = preview([record], { publish });
      const said = problems.filter(({ message }) => message.includes("_autodiscover._tcp.example.com/SRV"));
      expect(said.map(({ message }) => message).join()).toContain(`docs.example.com`);
      expect(said.map(({ message }) => message).join()).toContain(reason);
    }
    expect(preview([a("docs")], { publish: { srvTarget: "docs.example.com" } }).problems).toEqual([]);
  });

  test("each mail service is at its registered port where the file names none", () => {
    const both = [{ tls: "implicit" }, { tls: "starttls" }];
    const domain = sampleDomain({ mailServer: { imap: both, pop3: both, submission: both } });
    const records = deriveRecords(domain, { zone: ZONE });
    const ports = Object.entries({
      _imaps: 993,
      _imap: 143,
      _pop3s: 995,
      _pop3: 110,
      _submissions: 465,
      _submission: 587,
    });
    for (const [label, port] of ports) expect(srvOf(records, label).map((one) => one.port)).toEqual([port]);
  });

  test.each([
    ["imap", 995, "POP3"],
    ["imap", 465, "submission"],
    ["pop3", 993, "IMAP"],
    ["submission", 143, "IMAP"],
  ])("a file that puts %s at %i, the port of %s, is refused", (protocol, port, owner) => {
    const parsed = parseMailDomain({
      domain: ZONE,
      mailServer: { host: "mail.example.com", [protocol]: { port } },
    });
    const issues = parsed.ok ? [] : parsed.issues;
    expect(issues.map(({ path }) => path)).toEqual([`mailServer.${protocol}.port`]);
    expect(issues[0]?.message).toContain(`is the registered port of ${owner}`);
  });

  test("what autoconfig announces is the first of the SRV record for its socket type, host and port", () => {
    let compared = 0;
    fc.assert(
      fc.property(anyDomain, (domain) => {
        const settings = deriveClientSettings(domain);
        if (!hasServers(settings)) return;
        const records = deriveRecords(domain, { zone: domain.domain });
        const xml = renderAutoconfigXml(settings);
        const servers = xml.matchAll(
          /Server type="(imap|pop3|smtp)">\s*<hostname>(.*?)<\/hostname>\s*<port>(\d+)<\/port>\s*<socketType>(\w+)</g,
        );
        for (const [, type = "", host, port, socketType = ""] of servers) {
          if (socketType === "plain") continue;
          const label = `_${type === "smtp" ? "submission" : type}${socketType === "SSL" ? "s" : ""}`;
          const [first] = srvOf(records, label).toSorted((one, other) => one.priority - other.priority);
          expect(first).toMatchObject({ target: host, port: Number(port) });
          compared += 1;
        }
      }),
    );
    expect(compared).toBeGreaterThan(100);
  });
});

describe("trap 16: discovery labels are no free names", () => {
  test.each(DISCOVERY_LABELS)("no server of a file may be called %s", (label) => {
    const host = `${label}.example.com`;
    for (const file of [
      { mailServer: { host } },
      { mailServer: { host: "mail.example.com" }, webmail: `https://${host}/mail` },
      { mailServer: { host: "mail.example.com" }, calDav: `https://${host}/` },
      { mailServer: { host: "mail.example.com" }, publish: { origin: host } },
    ]) {
      const parsed = parseMailDomain({ domain: ZONE, ...file });
      const issues = parsed.ok ? [] : parsed.issues;
      expect(issues.map(({ message }) => message)).toContain("is a name that the documents are published at");
    }
  });

  test("somebody's site at a discovery name or at mail. stops the preview, by its name and record", () => {
    const wildcardFree = { mx: [{ host: "mail.example.com" }], mtaSts: { mode: "testing" } };
    for (const name of [...DISCOVERY_LABELS, "mail"]) {
      const { problems } = preview([a(name)], wildcardFree);
      expect(problems.map(({ code }) => code)).toContain("record-conflict");
      const said = problems.map(({ subject, message }) => `${subject} ${message}`).join("\n");
      expect(said).toMatch(new RegExp(`^${name}\\.example\\.com/`, "m"));
      expect(said).toContain(`id-of-${name}.example.com-A A 192.0.2.80`);
    }
  });

  test("no wildcard answers for a discovery name: each has a record of its own after the change", () => {
    const wildcard = observedRecord({ type: "A", name: "*.example.com", content: "192.0.2.80" });
    const after = applyPlan(observedZone([wildcard]), preview([wildcard])).records.map(({ name }) => name);
    for (const label of DISCOVERY_LABELS) expect(after).toContain(`${label}.example.com`);
    // A server may work behind the wildcard at a name that is not the module's to take: it is told.
    const elsewhere = preview([wildcard], { mailServer: { host: "mx.example.net", addresses: [] } });
    const warned = elsewhere.notices.filter(({ level }) => level === "warning").map(({ message }) => message);
    expect(warned.join("\n")).toMatch(/\bmail\.example\.com\b.*answered by \*\.example\.com/);
  });
});

describe("trap 17: the preflight names what a former provider left", () => {
  /** The zone as a preset's provider had it made, by hand: no record bears a mark. */
  function zoneOf(name: string): readonly ObservedRecord[] {
    const preset = PRESETS.find((one) => one.name === name);
    const values = Object.fromEntries((preset?.values ?? []).map(({ key, example }) => [key, example]));
    const parsed = parseMailDomain({ domain: ZONE, preset: { name, ...values } });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const made = planProgram({
      domains: [{ domain: parsed.domain, wanted: deriveRecords(parsed.domain, { zone: ZONE }) }],
      zones: [observedZone([])],
      visibleZones: [ZONE],
      identity,
      scriptName: "script",
    });
    return applyPlan(observedZone([]), made).records.map((record) => ({ ...record, comment: undefined }));
  }

  const own = {
    mx: [{ host: "mail.example.com" }],
    spf: "v=spf1 mx -all",
    dmarc: "v=DMARC1; p=reject",
  };

  test.each(PRESETS.filter(({ kind }) => kind === "hosted").map(({ name }) => name))(
    "a domain that leaves %s is told of its MX record, by the provider's name",
    (name) => {
      const title = FORMER_PROVIDERS.find(({ preset }) => preset === name)?.title;
      const former = zoneOf(name).filter(({ type }) => type === "MX");
      expect(former).not.toEqual([]);
      const { problems } = preview(former, own);
      const said = problems.filter(({ subject }) => subject === "example.com/MX");
      for (const { id } of former) expect(said.map(({ message }) => message).join()).toContain(id);
      expect(said.map(({ message }) => message).join()).toContain(`left by ${title}`);
    },
  );

  test.each<[string, ObservedRecord, string]>([
    ["autodiscover", cname("autodiscover", "autodiscover.outlook.com"), "Microsoft 365"],
    ["autoconfig", cname("autoconfig", "autoconfig.migadu.com"), "Migadu"],
    ["autodiscover", cname("autodiscover", "autodiscover.hosting.example"), ""],
    ["autoconfig", a("autoconfig"), ""],
    [
      "_autodiscover._tcp",
      observedRecord({
        type: "SRV",
        name: "_autodiscover._tcp.example.com",
        content: "0 443 cpanelemaildiscovery.cpanel.net",
        data: { priority: 0, weight: 0, port: 443, target: "cpanelemaildiscovery.cpanel.net" },
      }),
      "cPanel",
    ],
  ])("a foreign %s stops the preview before anything is onboarded", (label, record, provider) => {
    const { problems } = preview([record], { publish: { srvTarget: "docs.example.net" } });
    const said = problems.find(({ subject }) => subject.startsWith(`${label}.example.com/`));
    expect(said?.message).toContain("is in the way");
    expect(said?.message).toContain(record.content.split(" ").at(-1));
    expect(said?.message.includes("left by ")).toBe(provider !== "");
    expect(said?.message).toContain(provider === "" ? "" : `left by ${provider}`);
  });

  test("an SRV record of Autodiscover is told where the domain publishes none in its place", () => {
    const target = "cpanelemaildiscovery.cpanel.net";
    const record = observedRecord({
      type: "SRV",
      name: "_autodiscover._tcp.example.com",
      content: `0 443 ${target}`,
      data: { priority: 0, weight: 0, port: 443, target },
    });
    const warned = preview([record]).notices.filter(({ level }) => level === "warning");
    expect(warned.map(({ message }) => message).join()).toMatch(
      /^_autodiscover\._tcp\.example\.com\/SRV looks left by cPanel/,
    );
  });

  test("names that are not in the way are told, too, and a zone without leftovers gives no warning", () => {
    const left = [
      cname("enterpriseregistration", "enterpriseregistration.windows.net"),
      cname("selector1._domainkey", "selector1-example-com._domainkey.example.onmicrosoft.com"),
      cname("shop", "gone.example.com"),
    ];
    const warned = preview(left).notices.filter(({ level }) => level === "warning");
    for (const { name } of left) {
      expect(warned.filter(({ message }) => message.startsWith(`${name}/CNAME`))).toHaveLength(1);
    }
    expect(preview([a("www")]).notices.filter(({ level }) => level === "warning")).toEqual([]);
  });
});
