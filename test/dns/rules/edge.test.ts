import { expect, test } from "vitest";
import { edgeCertificateDepth } from "../../../src/dns/rules/edge-certificate-depth.ts";
import { foreignProxiedAlias } from "../../../src/dns/rules/foreign-proxied-alias.ts";
import { cname, host, input, observed, planned, zone } from "./audit-input.ts";

const DEEP = "autodiscover.dept.example.com";
const REMEDIES = "or publish at an origin outside the proxy (publish.origin).";

test("a proxied record of ours deeper than Universal SSL covers fails, with the three remedies", () => {
  expect(
    edgeCertificateDepth.audit(input({ planned: [planned(cname(DEEP, "www.example.net", true))] })),
  ).toEqual([
    {
      rule: "edge-certificate-depth",
      severity: "fail",
      zone: "example.com",
      subject: `${DEEP}/CNAME`,
      message: `${DEEP} would be proxied 2 levels below example.com (planned CNAME www.example.net (proxied)); Universal SSL covers one.`,
      remedy: `Make ${DEEP} a Worker custom domain, order an advanced certificate for it, ${REMEDIES}`,
    },
  ]);
});

test("a first-level name, a DNS-only one and a Worker custom domain are covered", () => {
  const plan = [
    planned(cname("autodiscover.example.com", "www.example.net", true)),
    planned(cname(DEEP, "www.example.net")),
  ];
  expect(edgeCertificateDepth.audit(input({ planned: plan }))).toEqual([]);
  expect(edgeCertificateDepth.audit(input({ hosts: [host(DEEP, "customDomain")] }))).toEqual([]);
});

test("a deep proxied target of our alias is a warning: its certificate cannot be seen", () => {
  const records = [observed("a1", "web.dept.example.com", "A", "203.0.113.80", { proxied: true })];
  const plan = [planned(cname("autodiscover.example.com", "web.dept.example.com"))];
  expect(edgeCertificateDepth.audit(input({ zones: [zone({ records })], planned: plan }))).toEqual([
    {
      rule: "edge-certificate-depth",
      severity: "warn",
      zone: "example.com",
      subject: "web.dept.example.com/A",
      message:
        "autodiscover.example.com leads to web.dept.example.com, which is proxied 2 levels below example.com (a1 A 203.0.113.80 (proxied)); Universal SSL covers one.",
      remedy: `Make web.dept.example.com a Worker custom domain, order an advanced certificate for it, ${REMEDIES}`,
    },
  ]);
  const customDomains = [{ hostname: "web.dept.example.com", service: "web" }];
  expect(
    edgeCertificateDepth.audit(input({ zones: [zone({ records, customDomains })], planned: plan })),
  ).toEqual([]);
});

test("an alias to a name of Cloudflare's own suffixes is a warning, with what is known", () => {
  const plan = [planned(cname("autodiscover.example.com", "site.pages.dev", true))];
  expect(foreignProxiedAlias.audit(input({ planned: plan }))).toEqual([
    {
      rule: "foreign-proxied-alias",
      severity: "warn",
      zone: "example.com",
      subject: "autodiscover.example.com/CNAME",
      message:
        "autodiscover.example.com leads to site.pages.dev, which is behind Cloudflare (pages.dev) and in no zone that the token can see: where the account is another one, the answer is error 1014.",
      remedy: "Publish at a host that is DNS only, or at the Worker.",
    },
  ]);
});

test("a DNS-only alias of ours to a proxied origin is a warning: requests pass the edge", () => {
  const origin = observed("a1", "www.example.com", "A", "203.0.113.80", { proxied: true });
  const plan = [planned(cname("autodiscover.example.com", "www.example.com"))];
  expect(
    foreignProxiedAlias.audit(input({ zones: [zone({ records: [origin] })], planned: plan })),
  ).toMatchObject([
    {
      severity: "warn",
      message:
        "autodiscover.example.com leads to www.example.com, which is proxied in example.com (a1 A 203.0.113.80 (proxied)): requests pass Cloudflare's edge instead of reaching the origin, and end in error 1014 where the zone is another account's.",
    },
  ]);
  const bare = { ...origin, proxied: false };
  expect(foreignProxiedAlias.audit(input({ zones: [zone({ records: [bare] })], planned: plan }))).toEqual([]);
});

test("of other hosts nothing can be told, and a DKIM name is asked for no document", () => {
  const plan = [
    planned(cname("autodiscover.example.com", "host.example.net", true)),
    planned(cname("autoconfig.example.com", "notpages.dev.example.net")),
    planned(cname("s1._domainkey.example.com", "s1.pages.dev", false, "dkim")),
  ];
  expect(foreignProxiedAlias.audit(input({ planned: plan }))).toEqual([]);
});
