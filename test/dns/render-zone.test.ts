import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { renderZone } from "../../src/dns/render-zone.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";
import { expectGolden } from "./golden-file.ts";

const zone = "example.com";
const hasChecker = spawnSync("named-checkzone", ["-v"]).error === undefined;
const SKIPPED = "named-checkzone is not installed (Debian: bind9-utils)";
const folder = mkdtempSync(join(tmpdir(), "zone-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What BIND says of a zone; nothing is looked up outside of it. */
function complaintsOf(name: string, text: string, integrity: "local" | "none"): string {
  const file = join(folder, `${name}.zone`);
  writeFileSync(file, text);
  const run = spawnSync("named-checkzone", ["-i", integrity, "-k", "fail", name, file], { encoding: "utf8" });
  return run.status === 0 ? "" : `${run.stdout}${run.stderr}\n${text}`;
}

const full = sampleDomain({
  mailServer: { sieve: true, pop3: {} },
  calDav: "https://dav.example.com/cal",
  cardDav: "https://dav.example.com/",
  jmap: "https://jmap.example.com:8443/",
  mx: [{ host: "mail.example.com" }, { host: "mx.example.net" }],
  spf: "v=spf1 mx include:_spf.example.net -all",
  dkim: [
    { selector: "s1", publicKey: `v=DKIM1; n=${String.raw`say \ it`} ${"x".repeat(300)}; p=` },
    { selector: "s2", cname: "s2._domainkey.example.net" },
  ],
  dmarc: "v=DMARC1; p=reject; rua=mailto:dmarc@example.com",
  mtaSts: { mode: "enforce" },
  tlsRpt: ["mailto:tls@example.com"],
  caa: { issuers: ["ca.example.net"], iodef: "mailto:caa@example.com" },
});
const records = deriveRecords(full, {
  zone,
  workersDevHost: "mail-autodiscover.example.workers.dev",
  caIssuer: "ca.example.org",
});
// SRV targets of services that the module does not publish stand in for the operator's own records.
const own = (["dav", "jmap"] as const).map((label) => ({
  type: "A" as const,
  name: `${label}.example.com`,
  logicalName: `example.com/A/${label}.example.com/203.0.113.26`,
  formerLogicalNames: [],
  purpose: "mail-host" as const,
  content: "203.0.113.26",
  proxied: false,
}));

test("a zone of everything that a file can ask for, as a master file", () => {
  expectGolden(new URL("golden/everything.master", import.meta.url), renderZone(zone, records));
});

test.skipIf(!hasChecker)(`BIND accepts it (else: ${SKIPPED})`, () => {
  expect(complaintsOf(zone, renderZone(zone, [...records, ...own]), "local")).toBe("");
});

test.skipIf(!hasChecker)(`BIND accepts the zone of any domain (else: ${SKIPPED})`, () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const text = renderZone(domain.domain, deriveRecords(domain, { zone: domain.domain }));
      expect(complaintsOf(domain.domain, text, "none")).toBe("");
    }),
    { numRuns: 25 },
  );
});

test("the same records give the same text, in whatever order they come", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...records], { minLength: records.length }), (shuffled) => {
      expect(renderZone(zone, shuffled)).toBe(renderZone(zone, records));
    }),
  );
});

test("the account of a CAA record stands there once it is known, and a remark before that", () => {
  const bound = 'issue "ca.example.org; validationmethods=dns-01';
  expect(renderZone(zone, records)).toContain(
    `${bound}" ; caa, accounturi follows once the account is known`,
  );
  const accountUri = "https://ca.example.org/acct/1";
  const known = renderZone(zone, records, { accountUri, ttlSeconds: 3600 });
  expect(known).toContain(`${bound}; accounturi=${accountUri}" ; caa\n`);
  expect(known).toContain("$TTL 3600\n");
});

test("records of another zone are left out", () => {
  const domain = sampleDomain({ mailServer: { host: "mail.example.net" } });
  const text = renderZone(zone, deriveRecords(domain, { zone, zones: [zone, "example.net"] }));
  expect(text).not.toContain("203.0.113.25");
});
