import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveRecords, type DeriveRecordsOptions } from "../../src/dns/derive-records.ts";
import { renderRecord } from "../../src/dns/record-arguments.ts";
import type { CaaRecord } from "../../src/dns/wanted-record.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { anyDomain, sampleDomain, type SampleInput } from "../spec/sample-domain.ts";

const EDGE = ["letsencrypt.org", "pki.goog", "ssl.com", "sectigo.com"];

function caaOf(domain: MailDomain, options: Partial<DeriveRecordsOptions> = {}): readonly CaaRecord[] {
  return deriveRecords(domain, { zone: "example.com", ...options }).filter((record) => record.type === "CAA");
}

function shown(input: SampleInput, options: Partial<DeriveRecordsOptions> = {}): readonly string[] {
  return caaOf(sampleDomain(input), options).map(
    (record) => `${renderRecord(record)}${record.bindsAccount ? " ; bound" : ""}`,
  );
}

const origin = { publish: { origin: "www.example.net" } };

test("with an origin, the domain is bound to the module's account, and the mail host below it with it", () => {
  expect(shown({ ...origin, caa: true })).toEqual([
    'example.com. CAA 0 issue "letsencrypt.org; validationmethods=dns-01" ; bound',
    'example.com. CAA 0 issuewild "letsencrypt.org; validationmethods=dns-01" ; bound',
  ]);
});

test("with the Worker, the domain allows Cloudflare's issuers, and the mail host alone is bound", () => {
  expect(shown({ caa: true })).toEqual([
    'example.com. CAA 0 issue "letsencrypt.org"',
    'example.com. CAA 0 issue "pki.goog; cansignhttpexchanges=yes"',
    'example.com. CAA 0 issue "ssl.com"',
    'example.com. CAA 0 issue "sectigo.com"',
    'example.com. CAA 0 issuewild "letsencrypt.org"',
    'example.com. CAA 0 issuewild "pki.goog; cansignhttpexchanges=yes"',
    'example.com. CAA 0 issuewild "ssl.com"',
    'example.com. CAA 0 issuewild "sectigo.com"',
    'mail.example.com. CAA 0 issue "letsencrypt.org; validationmethods=dns-01" ; bound',
  ]);
});

test("another CA of the module keeps its binding beside the issuers of the edge", () => {
  expect(shown({ caa: true }, { caIssuer: "ca.example.net" })).toEqual(
    expect.arrayContaining([
      'example.com. CAA 0 issue "ca.example.net; validationmethods=dns-01" ; bound',
      'mail.example.com. CAA 0 issue "ca.example.net; validationmethods=dns-01" ; bound',
    ]),
  );
});

test("further issuers are allowed for every account, the module's own CA among them", () => {
  expect(shown({ ...origin, caa: { issuers: ["sectigo.com", "letsencrypt.org"] } })).toEqual([
    'example.com. CAA 0 issue "sectigo.com"',
    'example.com. CAA 0 issue "letsencrypt.org"',
    'example.com. CAA 0 issuewild "sectigo.com"',
    'example.com. CAA 0 issuewild "letsencrypt.org"',
  ]);
});

test("without the binding, the mail host needs no records of its own", () => {
  const names = caaOf(sampleDomain({ caa: { bindAccount: false } })).map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(["example.com"]));
});

test("the URL for reports stands wherever the search for records ends", () => {
  const iodef = "mailto:caa@example.com";
  const found = caaOf(sampleDomain({ caa: { iodef } })).filter(({ tag }) => tag === "iodef");
  expect(found).toMatchObject([
    { name: "example.com", value: iodef },
    { name: "mail.example.com", value: iodef },
  ]);
});

test("the mail host's records are named after its zone, and made by the domain that publishes its addresses", () => {
  const atMailHost = (options: Partial<DeriveRecordsOptions>): readonly string[] =>
    caaOf(sampleDomain({ caa: true, mailServer: { host: "mail.example.net" } }), options)
      .filter(({ name }) => name === "mail.example.net")
      .map(({ logicalName }) => logicalName);
  const zones = ["example.com", "example.net"];
  expect(atMailHost({ zones })).toEqual(["example.net/CAA/mail.example.net/issue/letsencrypt.org"]);
  expect(atMailHost({ zones, publishAddresses: false })).toEqual([]);
  expect(atMailHost({})).toEqual([]);
});

test("a mail host whose addresses are kept elsewhere gets no record: a new name would end its wildcard", () => {
  const domain = sampleDomain({ caa: true, mailServer: { addresses: [] } });
  expect(caaOf(domain).filter(({ name }) => name === "mail.example.com")).toEqual([]);
});

test("at no name is an issuer both bound and free, and the Worker's edge can always issue", () => {
  fc.assert(
    fc.property(anyDomain, fc.boolean(), (domain, isApex) => {
      const zone = isApex ? domain.domain : "example";
      const records = caaOf(domain, { zone, zones: [zone, "example.net"] });
      const places = records.map(({ name, tag, value }) => `${name} ${tag} ${value.split(";")[0]}`);
      expect(new Set(places).size).toBe(places.length);
      if (domain.delivery.caa === undefined || domain.publish.kind === "origin") return;
      for (const issuer of EDGE) {
        for (const tag of ["issue", "issuewild"]) {
          const granted = records.find(
            (record) =>
              record.name === domain.domain && record.tag === tag && record.value.split(";")[0] === issuer,
          );
          expect(granted?.bindsAccount).toBe(false);
        }
      }
    }),
  );
});
