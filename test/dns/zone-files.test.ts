import { expect, test } from "vitest";
import { deriveRecords, type DeriveRecordsOptions } from "../../src/dns/derive-records.ts";
import { renderRecord } from "../../src/dns/record-arguments.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { expectGolden, mayUpdate } from "./golden-file.ts";

const zone = "example.com";
const workersDevHost = "mail-autodiscover.example.workers.dev";

function expectZone(file: string, domain: MailDomain, options: DeriveRecordsOptions): void {
  const lines = deriveRecords(domain, options).map(renderRecord);
  expectGolden(new URL(`golden/${file}.zone`, import.meta.url), `${lines.join("\n")}\n`);
}

test("a minimal domain at the apex of its zone, published by the Worker", () => {
  expectZone("minimal", sampleDomain(), { zone, workersDevHost });
});

test("an account without a workers.dev host gets no _autodiscover SRV record", () => {
  expectZone("without-workers-dev", sampleDomain(), { zone });
});

test("srvTarget takes the place of the workers.dev host", () => {
  const domain = sampleDomain({ publish: { srvTarget: "srv.example.net" } });
  expectZone("srv-target", domain, { zone, workersDevHost });
});

test("a domain deeper than its zone leaves its discovery names to Worker custom domains", () => {
  const domain = sampleDomain({ domain: "dept.example.com" });
  expectZone("deeper-than-zone", domain, { zone, workersDevHost });
});

test("with an origin, the discovery names are DNS-only CNAMEs and SRV points at the origin", () => {
  const domain = sampleDomain({ publish: { origin: "www.example.net" } });
  expectZone("origin", domain, { zone, workersDevHost });
});

test("POP3 is announced where it is offered", () => {
  const pop3 = [{ tls: "implicit" }, { tls: "starttls" }];
  expectZone("pop3", sampleDomain({ mailServer: { pop3 } }), { zone, workersDevHost });
});

test("IMAP by STARTTLS only, at its own host and port, makes _imaps a refusal", () => {
  const imap = { host: "imap.example.com", port: 1143, tls: "starttls" };
  expectZone("starttls-imap", sampleDomain({ mailServer: { imap } }), { zone, workersDevHost });
});

test("a plain endpoint is announced nowhere", () => {
  const mailServer = {
    allowPlaintext: true,
    imap: [{ tls: "implicit" }, { tls: "plain" }],
    submission: [{ tls: "plain" }, { tls: "starttls" }],
  };
  expectZone("plain", sampleDomain({ mailServer }), { zone, workersDevHost });
});

test("a shared mail host that another domain owns gets no address records here", () => {
  expectZone("shared-host-not-owned", sampleDomain(), { zone, workersDevHost, publishAddresses: false });
});

test("a mail host outside the zone is somebody else's to publish", () => {
  const domain = sampleDomain({ mailServer: { host: "mail.example.net" } });
  expectZone("host-outside-zone", domain, { zone, workersDevHost });
});

test("with an MTA-STS policy, mta-sts is a discovery name like the others", () => {
  const domain = sampleDomain({ mx: [{ host: "mail.example.com" }], mtaSts: { mode: "testing" } });
  expectZone("mta-sts", domain, { zone, workersDevHost });
});

test("golden files are written only on request, and never in CI", () => {
  expect(mayUpdate({})).toBe(false);
  expect(mayUpdate({ UPDATE_GOLDEN: "1" })).toBe(true);
  expect(mayUpdate({ UPDATE_GOLDEN: "1", CI: "true" })).toBe(false);
  expect(mayUpdate({ UPDATE_GOLDEN: "0" })).toBe(false);
});
