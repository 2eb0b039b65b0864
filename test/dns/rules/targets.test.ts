import { expect, test } from "vitest";
import { proxiedMailHost } from "../../../src/dns/rules/proxied-mail-host.ts";
import { proxiedSrvTarget } from "../../../src/dns/rules/proxied-srv-target.ts";
import { srvTargetAlias } from "../../../src/dns/rules/srv-target-alias.ts";
import { targetAbsent } from "../../../src/dns/rules/target-absent.ts";
import { address, host, input, mx, observed, planned, srv, zone } from "./audit-input.ts";

const imaps = planned(srv("_imaps._tcp.example.com", "mail.example.com"));
const caldavs = planned(srv("_caldavs._tcp.example.com", "dav.example.com", "http-srv"));
const withRecords = (...records: Parameters<typeof observed>[]): ReturnType<typeof zone>[] => [
  zone({ records: records.map((record) => observed(...record)) }),
];
const PROXIED = { proxied: true };

test("a mail host that is proxied fails", () => {
  const zones = withRecords(["a1", "mail.example.com", "A", "203.0.113.25", PROXIED]);
  const plan = [imaps, planned(mx("example.com", "mail.example.com"))];
  expect(proxiedMailHost.audit(input({ zones, planned: plan }))).toEqual([
    {
      rule: "proxied-mail-host",
      severity: "fail",
      zone: "example.com",
      subject: "mail.example.com/A",
      message:
        "mail.example.com is a mail host (_imaps._tcp.example.com/SRV, example.com/MX) and would be proxied: a1 A 203.0.113.25 (proxied). Only HTTP passes the proxy.",
      remedy: "Set mail.example.com to DNS only.",
    },
  ]);
});

test("a mail host that only a proxied wildcard answers for is proxied, too", () => {
  const zones = withRecords(["w1", "*.example.com", "CNAME", "www.example.com", PROXIED]);
  expect(proxiedMailHost.audit(input({ zones, planned: [imaps] }))).toMatchObject([
    {
      message:
        "mail.example.com is a mail host (_imaps._tcp.example.com/SRV) and would be proxied at *.example.com: w1 CNAME www.example.com (proxied). Only HTTP passes the proxy.",
      remedy: "Give mail.example.com its own DNS-only addresses (mailServer.addresses).",
    },
  ]);
  expect(
    proxiedMailHost.audit(input({ zones, planned: [imaps, planned(address("mail.example.com"))] })),
  ).toEqual([]);
});

test("a mail host whose alias ends at a proxied name is proxied, too", () => {
  const zones = withRecords(
    ["c1", "mail.example.com", "CNAME", "WWW.example.com."],
    ["a1", "www.example.com", "A", "203.0.113.80", PROXIED],
  );
  expect(proxiedMailHost.audit(input({ zones, planned: [imaps] }))).toMatchObject([
    { message: expect.stringContaining("at www.example.com") },
  ]);
});

test("a published mail host fails where the plan itself would proxy it", () => {
  const plan = [planned(address("mail.example.com", "203.0.113.25", true))];
  expect(proxiedMailHost.audit(input({ planned: plan }))).toHaveLength(1);
});

test("of a mail host outside the visible zones, or in one that was not read, nothing is said", () => {
  const zones = withRecords(["w1", "*.example.com", "A", "203.0.113.80", PROXIED]);
  for (const target of ["mail.example.net", "mail.dept.example.com"]) {
    const plan = [planned(srv("_imaps._tcp.example.com", target))];
    const visibleZones = ["example.com", "dept.example.com"];
    for (const rule of [proxiedMailHost, srvTargetAlias, targetAbsent]) {
      expect(rule.audit(input({ zones, visibleZones, planned: plan }))).toEqual([]);
    }
  }
});

test("a proxied target of a service over HTTPS fails", () => {
  const zones = withRecords(["a1", "dav.example.com", "AAAA", "100::", PROXIED]);
  expect(proxiedSrvTarget.audit(input({ zones, planned: [caldavs] }))).toEqual([
    {
      rule: "proxied-srv-target",
      severity: "fail",
      zone: "example.com",
      subject: "dav.example.com/AAAA",
      message:
        "dav.example.com is the target of _caldavs._tcp.example.com/SRV and would be proxied: a1 AAAA 100:: (proxied). Cloudflare answers such an SRV record with a dc- name and the origin's address.",
      remedy: "Point the service at a DNS-only host, or set dav.example.com to DNS only.",
    },
  ]);
  expect(proxiedSrvTarget.audit(input({ planned: [caldavs] }))).toEqual([]);
});

test("a target that becomes a Worker custom domain is proxied, though nobody declares its record", () => {
  const plan = [
    planned(srv("_autodiscover._tcp.example.com", "autodiscover.dept.example.com", "autodiscover-srv")),
  ];
  const hosts = [host("autodiscover.dept.example.com", "customDomain")];
  expect(proxiedSrvTarget.audit(input({ planned: plan, hosts }))).toHaveLength(1);
  expect(proxiedSrvTarget.audit(input({ planned: plan }))).toEqual([]);
});

test("a target that is an alias fails", () => {
  const zones = withRecords(["c1", "mail.example.com", "CNAME", "host.example.net"]);
  expect(srvTargetAlias.audit(input({ zones, planned: [imaps] }))).toEqual([
    {
      rule: "srv-target-alias",
      severity: "fail",
      zone: "example.com",
      subject: "mail.example.com/CNAME",
      message:
        "mail.example.com is the target of _imaps._tcp.example.com/SRV and would be an alias: c1 CNAME host.example.net.",
      remedy:
        "Name host.example.net itself in the domain file, or give mail.example.com addresses in the alias's place.",
    },
  ]);
});

test("an alias at the apex is flattened, and so none; an address is none", () => {
  const apex = withRecords(["c1", "example.com", "CNAME", "host.example.net"]);
  expect(
    srvTargetAlias.audit(input({ zones: apex, planned: [planned(mx("example.com", "example.com"))] })),
  ).toEqual([]);
  expect(srvTargetAlias.audit(input({ planned: [imaps, planned(address("mail.example.com"))] }))).toEqual([]);
});

test("a target without an address in a zone that was read is a warning", () => {
  expect(targetAbsent.audit(input({ planned: [imaps] }))).toEqual([
    {
      rule: "target-absent",
      severity: "warn",
      zone: "example.com",
      subject: "mail.example.com",
      message:
        "mail.example.com is the target of _imaps._tcp.example.com/SRV, but would have no address in the zone example.com.",
      remedy: "Give mail.example.com an address there, or name another host in the domain file.",
    },
  ]);
  expect(targetAbsent.audit(input({ planned: [imaps, planned(address("mail.example.com"))] }))).toEqual([]);
});

test("aliases in a circle lead nowhere, and the audit ends", () => {
  const zones = withRecords(
    ["c1", "mail.example.com", "CNAME", "b.example.com"],
    ["c2", "b.example.com", "CNAME", "mail.example.com"],
  );
  expect(proxiedMailHost.audit(input({ zones, planned: [imaps] }))).toEqual([]);
});
