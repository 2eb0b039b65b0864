import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { quoteTxt } from "../../src/dns/txt-text.ts";
import type { WantedRecord } from "../../src/dns/wanted-record.ts";
import { DISCOVERY_LABELS } from "../../src/spec/discovery-labels.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { anyDomain, sampleDomain, type SampleInput } from "../spec/sample-domain.ts";

const options = { zone: "example.com", workersDevHost: "mail-autodiscover.example.workers.dev" };
const zoneOf = fc.constantFrom<(domain: MailDomain) => string>(
  (domain) => domain.domain,
  () => "example",
);

function recordNamed(records: readonly WantedRecord[], name: string): WantedRecord | undefined {
  return records.find((record) => record.name === name);
}

/** A document's digest is part of its record's name: the former one stays beside it. */
function stableName({ logicalName, purpose }: WantedRecord): string {
  return purpose === "pacc" ? logicalName.replace(/[0-9a-f]{8}$/, "<digest>") : logicalName;
}

test("logical names are a state format: they never change once released", () => {
  const names = deriveRecords(sampleDomain(), options).map(stableName);
  expect(names).toEqual([
    "example.com/AAAA/autoconfig.example.com",
    "example.com/CNAME/autodiscover.example.com",
    "example.com/CNAME/ua-auto-config.example.com",
    "example.com/TXT/_ua-auto-config.example.com/<digest>",
    "example.com/SRV/_autodiscover._tcp.example.com/mail-autodiscover.example.workers.dev:443",
    "example.com/SRV/_imaps._tcp.example.com/mail.example.com:993",
    "example.com/SRV/_imap._tcp.example.com/none",
    "example.com/SRV/_pop3s._tcp.example.com/none",
    "example.com/SRV/_pop3._tcp.example.com/none",
    "example.com/SRV/_submissions._tcp.example.com/mail.example.com:465",
    "example.com/SRV/_submission._tcp.example.com/mail.example.com:587",
    "example.com/A/mail.example.com/203.0.113.25",
    "example.com/AAAA/mail.example.com/2001:db8::25",
    "example.com/CNAME/imap.example.com",
    "example.com/CNAME/smtp.example.com",
  ]);
});

test("logical names of everything that a file can ask for never change once released", () => {
  const domain = sampleDomain({
    mailServer: { sieve: true },
    calDav: "https://dav.example.com/cal",
    jmap: "https://jmap.example.com/",
    mx: [{ host: "mail.example.com" }],
    spf: "v=spf1 mx -all",
    dkim: [
      { selector: "s1", publicKey: "v=DKIM1; p=" },
      { selector: "s2", cname: "s2.example.net" },
    ],
    dmarc: "v=DMARC1; p=none",
    mtaSts: { mode: "testing" },
    tlsRpt: ["mailto:tls@example.com"],
    caa: { iodef: "mailto:caa@example.com" },
  });
  const plain = new Set(deriveRecords(sampleDomain(), options).map(stableName));
  const names = deriveRecords(domain, options).map(stableName);
  expect(names.filter((name) => !plain.has(name))).toEqual([
    "example.com/CNAME/mta-sts.example.com",
    "example.com/SRV/_sieve._tcp.example.com/mail.example.com:4190",
    "example.com/SRV/_caldavs._tcp.example.com/dav.example.com:443",
    "example.com/TXT/_caldavs._tcp.example.com/path",
    "example.com/SRV/_caldav._tcp.example.com/none",
    "example.com/SRV/_jmap._tcp.example.com/jmap.example.com:443",
    "example.com/MX/example.com/mail.example.com",
    "example.com/TXT/example.com/spf",
    "example.com/TXT/s1._domainkey.example.com/dkim",
    "example.com/CNAME/s2._domainkey.example.com",
    "example.com/TXT/_dmarc.example.com/dmarc",
    "example.com/TXT/_mta-sts.example.com/mta-sts",
    "example.com/TXT/_smtp._tls.example.com/tls-rpt",
    "example.com/CAA/example.com/issue/letsencrypt.org",
    "example.com/CAA/example.com/issue/pki.goog",
    "example.com/CAA/example.com/issue/ssl.com",
    "example.com/CAA/example.com/issue/sectigo.com",
    "example.com/CAA/example.com/issuewild/letsencrypt.org",
    "example.com/CAA/example.com/issuewild/pki.goog",
    "example.com/CAA/example.com/issuewild/ssl.com",
    "example.com/CAA/example.com/issuewild/sectigo.com",
    "example.com/CAA/example.com/iodef/mailto:caa@example.com",
    "example.com/CAA/mail.example.com/issue/letsencrypt.org",
    "example.com/CAA/mail.example.com/iodef/mailto:caa@example.com",
  ]);
});

test("a discovery name that changes its type knows its former logical name", () => {
  const worker = deriveRecords(sampleDomain(), options);
  const origin = deriveRecords(sampleDomain({ publish: { origin: "www.example.net" } }), options);
  for (const host of ["autoconfig.example.com", "autodiscover.example.com", "ua-auto-config.example.com"]) {
    const [before, after] = [recordNamed(worker, host), recordNamed(origin, host)];
    const known = [after?.logicalName, ...(after?.formerLogicalNames ?? [])];
    expect(known).toContain(before?.logicalName);
    expect([before?.logicalName, ...(before?.formerLogicalNames ?? [])]).toContain(after?.logicalName);
  }
});

test("the address records of a shared host bear the zone's name, whichever domain publishes them", () => {
  const names = (domain: string): readonly string[] =>
    deriveRecords(sampleDomain({ domain }), options)
      .filter((record) => record.name === "mail.example.com")
      .map((record) => record.logicalName);
  expect(names("example.com")).toHaveLength(2);
  expect(names("dept.example.com")).toEqual(names("example.com"));
});

test("members of an SRV set are told apart by content, and keep the operator's order as priority", () => {
  const imap = [{ host: "imap1.example.com" }, { host: "imap2.example.com" }];
  const records = deriveRecords(sampleDomain({ mailServer: { imap } }), options);
  const set = records.filter((record) => record.name === "_imaps._tcp.example.com");
  expect(set).toMatchObject([
    {
      priority: 0,
      target: "imap1.example.com",
      logicalName: expect.stringMatching(/\/imap1\.example\.com:993$/),
    },
    {
      priority: 10,
      target: "imap2.example.com",
      logicalName: expect.stringMatching(/\/imap2\.example\.com:993$/),
    },
  ]);
});

test("an SRV record never points at a proxied name", () => {
  fc.assert(
    fc.property(anyDomain, zoneOf, fc.boolean(), (domain, zone, hasWorkersDev) => {
      const workersDevHost = hasWorkersDev ? options.workersDevHost : undefined;
      const records = deriveRecords(domain, { zone: zone(domain), workersDevHost });
      // At a Worker custom domain the name is proxied, too, though its record is not in the list.
      const proxied = new Set(DISCOVERY_LABELS.map((label) => `${label}.${domain.domain}`));
      for (const record of records) if ("proxied" in record && record.proxied) proxied.add(record.name);
      const targets = records.map((record) => (record.type === "SRV" ? record.target : ""));
      expect(targets.filter((target) => proxied.has(target))).toEqual([]);
    }),
  );
});

test("logical names are unique in a domain", () => {
  fc.assert(
    fc.property(anyDomain, zoneOf, (domain, zone) => {
      const names = deriveRecords(domain, { ...options, zone: zone(domain) }).map(
        (record) => record.logicalName,
      );
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});

test("each mail service has SRV records: its endpoints, or `.` with port 0 alone where it is not offered", () => {
  const services = {
    "_imaps._tcp": ["imap", "implicit"],
    "_imap._tcp": ["imap", "starttls"],
    "_pop3s._tcp": ["pop3", "implicit"],
    "_pop3._tcp": ["pop3", "starttls"],
    "_submissions._tcp": ["submission", "implicit"],
    "_submission._tcp": ["submission", "starttls"],
  } as const;
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const records = deriveRecords(domain, options);
      for (const [label, [protocol, tls]] of Object.entries(services)) {
        const set = records.filter((record) => record.name === `${label}.${domain.domain}`);
        const offered = domain.mailServer[protocol].filter((endpoint) => endpoint.tls === tls);
        const seen = set.map((record) =>
          record.type === "SRV" ? `${record.target}:${record.port}` : "not SRV",
        );
        expect(seen).toEqual(
          offered.length === 0 ? [".:0"] : offered.map(({ host, port }) => `${host}:${port}`),
        );
      }
    }),
  );
});

test("no name has a CNAME beside another record, and mail hosts are never proxied", () => {
  fc.assert(
    fc.property(anyDomain, zoneOf, (domain, zone) => {
      const records = deriveRecords(domain, { ...options, zone: zone(domain) });
      for (const { name } of records.filter((record) => record.type === "CNAME")) {
        expect(records.filter((record) => record.name === name)).toHaveLength(1);
      }
      for (const record of records.filter(({ name }) => name === domain.mailServer.host)) {
        expect("proxied" in record && record.proxied).toBe(false);
      }
    }),
  );
});

test("the same domain gives the same records in the same order", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      expect(deriveRecords(structuredClone(domain), options)).toEqual(deriveRecords(domain, options));
    }),
  );
});

test("the mail host is published where any visible zone holds it, and named after the closest one", () => {
  const domain = sampleDomain({ mailServer: { host: "mail.eu.example.net" } });
  const addressesIn = (zones?: readonly string[]): readonly string[] =>
    deriveRecords(domain, { ...options, zones })
      .filter((record) => record.name === "mail.eu.example.net")
      .map((record) => record.logicalName);
  expect(addressesIn()).toEqual([]);
  expect(addressesIn(["example.com", "example.org"])).toEqual([]);
  expect(addressesIn(["example.com", "example.net", "eu.example.net"])).toEqual([
    "eu.example.net/A/mail.eu.example.net/203.0.113.25",
    "eu.example.net/AAAA/mail.eu.example.net/2001:db8::25",
  ]);
});

test("a name that the preset's provider serves is a DNS-only CNAME to it, whoever publishes the rest", () => {
  for (const publish of [{}, { origin: "www.example.net" }]) {
    const plain = sampleDomain({ publish });
    const preset = {
      ...plain.preset,
      discovery: { autodiscover: "autodiscover.example.org" },
      autodiscoverSrv: "srv.example.org",
    };
    for (const domain of ["example.com", "dept.example.com"]) {
      const records = deriveRecords({ ...plain, domain, preset }, options);
      expect(recordNamed(records, `autodiscover.${domain}`)).toMatchObject({
        type: "CNAME",
        content: "autodiscover.example.org",
        proxied: false,
      });
      expect(recordNamed(records, `_autodiscover._tcp.${domain}`)).toMatchObject({
        target: "srv.example.org",
      });
    }
  }
});

test("where a provider serves autoconfig, no proxied CNAME leads to it", () => {
  const plain = sampleDomain();
  const preset = { ...plain.preset, discovery: { autoconfig: "autoconfig.example.org" } };
  const records = deriveRecords({ ...plain, preset }, options);
  expect(recordNamed(records, "autodiscover.example.com")).toMatchObject({ type: "AAAA", content: "100::" });
});

test("guess names are optional unless the file asks for them, and never proxied", () => {
  const guessed = (input: SampleInput): readonly WantedRecord[] =>
    deriveRecords(sampleDomain(input), options).filter(({ purpose }) => purpose === "guess-name");
  expect(guessed({})).toMatchObject([
    { name: "imap.example.com", content: "mail.example.com", proxied: false, isOptional: true },
    { name: "smtp.example.com", content: "mail.example.com", proxied: false, isOptional: true },
  ]);
  const [asked] = guessed({ guessNames: ["pop"] });
  expect(asked).toMatchObject({ name: "pop.example.com", type: "CNAME" });
  expect(asked?.isOptional).toBeUndefined();
});

test("CalDAV and CardDAV have their path beside the SRV record, and say that they are not there without TLS", () => {
  const domain = sampleDomain({ cardDav: "https://dav.example.com:8443/book" });
  const records = deriveRecords(domain, options).filter(({ name }) => name.includes("carddav"));
  expect(records).toMatchObject([
    { type: "SRV", name: "_carddavs._tcp.example.com", priority: 0, weight: 1, port: 8443 },
    { type: "TXT", name: "_carddavs._tcp.example.com", text: "path=/book/" },
    { type: "SRV", name: "_carddav._tcp.example.com", port: 0, target: "." },
  ]);
});

test("no character-string of a TXT record has more than 255 octets", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      for (const record of deriveRecords(domain, options)) {
        if (record.type !== "TXT") continue;
        expect(record.text).toMatch(/^[\u0020-\u007E]+$/);
        const strings = quoteTxt(record.text).match(/"(?:[^"\\]|\\.)*"/g) ?? [];
        expect(Math.max(...strings.map((text) => text.length - 2))).toBeLessThanOrEqual(255);
      }
    }),
  );
});
