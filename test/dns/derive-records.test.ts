import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import type { WantedRecord } from "../../src/dns/wanted-record.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";

const options = { zone: "example.com", workersDevHost: "mail-autodiscover.example.workers.dev" };
const zoneOf = fc.constantFrom<(domain: MailDomain) => string>(
  (domain) => domain.domain,
  () => "example",
);

function recordNamed(records: readonly WantedRecord[], name: string): WantedRecord | undefined {
  return records.find((record) => record.name === name);
}

test("logical names are a state format: they never change once released", () => {
  const names = deriveRecords(sampleDomain(), options).map((record) => record.logicalName);
  expect(names).toEqual([
    "example.com/AAAA/autoconfig.example.com",
    "example.com/CNAME/autodiscover.example.com",
    "example.com/SRV/_autodiscover._tcp.example.com/mail-autodiscover.example.workers.dev:443",
    "example.com/SRV/_imaps._tcp.example.com/mail.example.com:993",
    "example.com/SRV/_imap._tcp.example.com/none",
    "example.com/SRV/_pop3s._tcp.example.com/none",
    "example.com/SRV/_pop3._tcp.example.com/none",
    "example.com/SRV/_submissions._tcp.example.com/mail.example.com:465",
    "example.com/SRV/_submission._tcp.example.com/mail.example.com:587",
    "example.com/A/mail.example.com/203.0.113.25",
    "example.com/AAAA/mail.example.com/2001:db8::25",
  ]);
});

test("a discovery name that changes its type knows its former logical name", () => {
  const worker = deriveRecords(sampleDomain(), options);
  const origin = deriveRecords(sampleDomain({ publish: { origin: "www.example.net" } }), options);
  for (const host of ["autoconfig.example.com", "autodiscover.example.com"]) {
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
      const proxied = new Set([`autoconfig.${domain.domain}`, `autodiscover.${domain.domain}`]);
      for (const record of records) if (record.type !== "SRV" && record.proxied) proxied.add(record.name);
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
        expect(record).toMatchObject({ proxied: false });
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
