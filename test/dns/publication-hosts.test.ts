import { expect, test } from "vitest";
import { derivePublicationHosts } from "../../src/dns/publication-hosts.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

test.each([
  ["at the apex of its zone, with the Worker", "example.com", {}, "route"],
  ["below the apex, with the Worker", "dept.example.com", {}, "customDomain"],
  ["at the apex, with an origin", "example.com", { origin: "www.example.net" }, "origin"],
  ["below the apex, with an origin", "dept.example.com", { origin: "www.example.net" }, "origin"],
])("a domain %s", (_, domain, publish, form) => {
  expect(derivePublicationHosts(sampleDomain({ domain, publish }), "example.com")).toEqual([
    { label: "autoconfig", host: `autoconfig.${domain}`, form },
    { label: "autodiscover", host: `autodiscover.${domain}`, form },
    { label: "ua-auto-config", host: `ua-auto-config.${domain}`, form },
  ]);
});

function labelsOf(domain: MailDomain): readonly string[] {
  return derivePublicationHosts(domain, "example.com").map(({ label }) => label);
}

test("mta-sts is published only with a policy", () => {
  const domain = sampleDomain({ mx: [{ host: "mail.example.com" }], mtaSts: { mode: "testing" } });
  expect(labelsOf(domain)).toEqual(["autoconfig", "autodiscover", "ua-auto-config", "mta-sts"]);
});

test("what the preset's provider serves is not published here", () => {
  const plain = sampleDomain();
  const preset = { ...plain.preset, discovery: { autodiscover: "autodiscover.example.org" } };
  expect(labelsOf({ ...plain, preset })).toEqual(["autoconfig", "ua-auto-config"]);
});

test("where no mail client can be set up, no document is published", () => {
  const plain = sampleDomain();
  const mailServer = { ...plain.mailServer, imap: [], pop3: [], submission: [] };
  expect(labelsOf({ ...plain, mailServer })).toEqual([]);
});
