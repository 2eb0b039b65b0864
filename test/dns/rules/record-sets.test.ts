import { expect, test } from "vitest";
import { cnameBesideOthers } from "../../../src/dns/rules/cname-beside-others.ts";
import { singleRecordSet } from "../../../src/dns/rules/single-record-set.ts";
import { address, cname, input, mx, observed, planned, srv, txt, zone } from "./audit-input.ts";

const autodiscover = planned(cname("autodiscover.example.com", "autoconfig.example.com", true));

test("a CNAME of ours beside a record of another type fails, proxied or not", () => {
  const zones = [zone({ records: [observed("t1", "autodiscover.example.com", "TXT", '"note"')] })];
  expect(cnameBesideOthers.audit(input({ zones, planned: [autodiscover] }))).toEqual([
    {
      rule: "cname-beside-others",
      severity: "fail",
      zone: "example.com",
      subject: "autodiscover.example.com/CNAME",
      message:
        'autodiscover.example.com would be an alias (planned CNAME autoconfig.example.com (proxied)) beside other records: t1 TXT "note".',
      remedy: "Remove either the alias or the other records.",
    },
  ]);
});

test.each([
  txt("dept.example.com", "v=spf1 -all"),
  mx("dept.example.com", "mail.example.net"),
  srv("dept.example.com", "mail.example.net"),
  address("dept.example.com"),
])("a DNS-only alias of somebody else beside our $type record fails", (record) => {
  const zones = [zone({ records: [observed("c1", record.name, "CNAME", "www.example.net")] })];
  expect(cnameBesideOthers.audit(input({ zones, planned: [planned(record)] }))).toMatchObject([
    { severity: "fail", subject: "dept.example.com/CNAME" },
  ]);
});

test.each(["MX", "SRV", "CAA", "NS", "HTTPS", "AAAA"])(
  "our alias beside somebody else's %s record fails",
  (type) => {
    const zones = [zone({ records: [observed("r1", "autodiscover.example.com", type, "x")] })];
    expect(cnameBesideOthers.audit(input({ zones, planned: [autodiscover] }))).toMatchObject([
      { severity: "fail" },
    ]);
  },
);

test("somebody else's proxied alias beside our text is a warning, and one at the apex is none at all", () => {
  const audit = (name: string): unknown =>
    cnameBesideOthers
      .audit(
        input({
          zones: [zone({ records: [observed("c1", name, "CNAME", "www.example.net", { proxied: true })] })],
          planned: [planned(txt(name, "v=spf1 -all"))],
        }),
      )
      .map(({ severity }) => severity);
  expect(audit("dept.example.com")).toEqual(["warn"]);
  expect(audit("example.com")).toEqual([]);
});

test("two planned records of different domains that cannot stand together fail", () => {
  const both = [
    planned(cname("mail.example.com", "mx.example.com", false, "guess-name")),
    planned(address("mail.example.com")),
  ];
  expect(cnameBesideOthers.audit(input({ planned: both }))).toHaveLength(1);
});

test("what stands beside an alias is no matter where it is displaced, elsewhere, or all of it somebody else's", () => {
  const note = observed("t1", "autodiscover.example.com", "TXT", '"note"');
  const displacing = { ...autodiscover, displaces: [note] };
  expect(
    cnameBesideOthers.audit(input({ zones: [zone({ records: [note] })], planned: [displacing] })),
  ).toEqual([]);
  const theirs = [
    observed("c1", "www.example.com", "CNAME", "x.test"),
    observed("t2", "www.example.com", "TXT", "y"),
  ];
  expect(
    cnameBesideOthers.audit(input({ zones: [zone({ records: theirs })], planned: [autodiscover] })),
  ).toEqual([]);
});

test("a second SPF record fails, with both named", () => {
  const zones = [zone({ records: [observed("t1", "example.com", "TXT", '"v=spf1 " "-all"')] })];
  expect(
    singleRecordSet.audit(input({ zones, planned: [planned(txt("example.com", "v=spf1 mx -all"))] })),
  ).toEqual([
    {
      rule: "single-record-set",
      severity: "fail",
      zone: "example.com",
      subject: "example.com/TXT",
      message:
        'example.com would have 2 SPF records where one is allowed: t1 TXT "v=spf1 " "-all"; planned TXT "v=spf1 mx -all"; receivers answer permerror to every message (RFC 7208 §4.5).',
      remedy: "Keep one of them.",
    },
  ]);
});

test.each([
  ["DMARC", "fail", "TXT", "v=DMARC1; p=none", txt("_dmarc.example.com", "v=DMARC1; p=reject", "dmarc")],
  ["MTA-STS", "fail", "TXT", "v=STSv1; id=1", txt("_mta-sts.example.com", "v=STSv1; id=2", "mta-sts")],
  [
    "TLS-RPT",
    "fail",
    "TXT",
    "v=TLSRPTv1; rua=mailto:a@example.com",
    txt("_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:b@example.com", "tls-rpt"),
  ],
  ["DKIM key", "fail", "TXT", "v=DKIM1; p=AA", txt("s1._domainkey.example.com", "k=rsa; p=BB", "dkim")],
  [
    "CNAME",
    "fail",
    "CNAME",
    "a.example.net",
    cname("s2._domainkey.example.com", "b.example.net", false, "dkim"),
  ],
  ["MX", "fail", "MX", ".", mx("example.com", "mail.example.com")],
  ["SRV", "fail", "SRV", "0 0 .", srv("_imaps._tcp.example.com", "mail.example.com")],
  [
    "Autodiscover SRV",
    "warn",
    "SRV",
    "0 443 a.example.net",
    srv("_autodiscover._tcp.example.com", "b.example.net", "autodiscover-srv"),
  ],
] as const)("a second record of the set %s is reported as %s", (title, severity, type, content, record) => {
  const run = (name: string): ReturnType<typeof singleRecordSet.audit> =>
    singleRecordSet.audit(
      input({
        zones: [zone({ records: [observed("r1", name, type, content)] })],
        planned: [planned(record)],
      }),
    );
  expect(run(record.name)).toMatchObject([
    { severity, message: expect.stringContaining(`2 ${title} records`) },
  ]);
  expect(run(`other.${record.name}`)).toEqual([]);
});

test("sets of many are no matter: other texts, several exchangers, a set that is all somebody else's", () => {
  const records = [
    observed("t1", "example.com", "TXT", "site-verification=1"),
    observed("m1", "example.com", "MX", "mx1.example.net"),
    observed("s1", "www.example.com", "TXT", "v=spf1 -all"),
    observed("s2", "www.example.com", "TXT", "v=spf1 mx -all"),
  ];
  const plan = [
    planned(txt("example.com", "v=spf1 mx -all")),
    planned(mx("example.com", "mail.example.com")),
  ];
  expect(singleRecordSet.audit(input({ zones: [zone({ records })], planned: plan }))).toEqual([]);
});
