import { expect, test } from "vitest";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import { customDomainTaken } from "../../../src/dns/rules/custom-domain-taken.ts";
import { routeTaken } from "../../../src/dns/rules/route-taken.ts";
import { address, cname, host, IDENTITY, input, observed, planned, SCRIPT, zone } from "./audit-input.ts";

const HOST = "autodiscover.example.com";
const DEEP = "autodiscover.dept.example.com";

function routes(
  pattern: string,
  script: string | undefined,
  at = host(HOST, "route"),
): ReturnType<typeof routeTaken.audit> {
  return routeTaken.audit(input({ zones: [zone({ routes: [{ id: "r1", pattern, script }] })], hosts: [at] }));
}

test("our pattern at another script fails", () => {
  expect(routes("AutoDiscover.Example.com/*", "shop")).toEqual([
    {
      rule: "route-taken",
      severity: "fail",
      zone: "example.com",
      subject: "AutoDiscover.Example.com/*",
      message: `The route r1 with the pattern AutoDiscover.Example.com/* belongs to the Worker shop; ${HOST} needs it for the mail documents.`,
      remedy: "Delete the route r1.",
    },
  ]);
});

test("our pattern without a script fails: Workers are switched off there", () => {
  expect(routes(`${HOST}/*`, undefined)).toMatchObject([
    { severity: "fail", message: expect.stringContaining("switches Workers off") },
  ]);
});

test.each([
  `${HOST}/autodiscover/*`,
  `https://${HOST}/*`,
  `${HOST}*`,
  "autodiscover.*",
  `${HOST}/autodiscover/autodiscover.xml`,
])("another script's more specific or unclear pattern %s on our host is a warning", (pattern) => {
  expect(routes(pattern, "shop")).toEqual([
    {
      rule: "route-taken",
      severity: "warn",
      zone: "example.com",
      subject: pattern,
      message: `The route r1 with the pattern ${pattern} belongs to the Worker shop and takes requests for ${HOST} before the mail documents do.`,
      remedy: "Delete the route r1, or see that it leaves the mail documents alone.",
    },
  ]);
});

test.each(["*.example.com/*", "*example.com/*", "www.example.com/*", "example.com/*", `x${HOST}/*`])(
  "another script's pattern %s leaves our route alone",
  (pattern) => {
    expect(routes(pattern, "shop")).toEqual([]);
  },
);

test("our own script's routes are right wherever they are, and an origin has none", () => {
  expect(routes(`${HOST}/*`, SCRIPT)).toEqual([]);
  expect(routes(`${HOST}/*`, "shop", host(HOST, "origin"))).toEqual([]);
});

test("at a custom domain every route comes first, also one with a wildcard", () => {
  const at = host(DEEP, "customDomain");
  expect(routes("*.example.com/*", "shop", at)).toMatchObject([{ severity: "warn" }]);
  expect(routes(`${DEEP}/*`, "shop", at)).toMatchObject([{ severity: "fail" }]);
  expect(routes("*.example.com/*", SCRIPT, at)).toEqual([]);
});

test("a custom domain that another Worker has fails", () => {
  const zones = [zone({ customDomains: [{ hostname: DEEP, service: "shop" }] })];
  expect(customDomainTaken.audit(input({ zones, hosts: [host(DEEP, "customDomain")] }))).toEqual([
    {
      rule: "custom-domain-taken",
      severity: "fail",
      zone: "example.com",
      subject: DEEP,
      message: `${DEEP} is a custom domain of the Worker shop, and is needed for the mail documents.`,
      remedy: "Remove the custom domain from the Worker shop.",
    },
  ]);
});

test("a custom domain of our Worker, with the record that it made, is right", () => {
  const records = [observed("a1", DEEP, "AAAA", "100::", { proxied: true })];
  const zones = [zone({ records, customDomains: [{ hostname: DEEP, service: SCRIPT }] })];
  expect(customDomainTaken.audit(input({ zones, hosts: [host(DEEP, "customDomain")] }))).toEqual([]);
});

test("a custom domain over a record that none made fails, this stack's own former one included", () => {
  const comment = ownershipComment(IDENTITY, "dept.example.com/CNAME/x");
  const hosts = [host(DEEP, "customDomain")];
  for (const rest of [{}, { comment }]) {
    const zones = [zone({ records: [observed("c1", DEEP, "CNAME", "www.example.net", rest)] })];
    expect(
      customDomainTaken.audit(input({ zones, hosts, planned: [planned(address("mail.example.com"))] })),
    ).toEqual([
      {
        rule: "custom-domain-taken",
        severity: "fail",
        zone: "example.com",
        subject: DEEP,
        message: `${DEEP} is to be a Worker custom domain, but has records that no custom domain made: c1 CNAME www.example.net.`,
        remedy: "Delete the records first: the custom domain brings its own.",
      },
    ]);
  }
  const text = [zone({ records: [observed("t1", DEEP, "TXT", "note")] })];
  expect(customDomainTaken.audit(input({ zones: text, hosts }))).toEqual([]);
});

test("a host of ours that is bound as a custom domain can bear no record", () => {
  const zones = [
    zone({
      customDomains: [
        { hostname: HOST, service: "shop" },
        { hostname: "mail.example.com", service: "web" },
      ],
    }),
  ];
  const plan = [planned(cname(HOST, "autoconfig.example.com", true)), planned(address("mail.example.com"))];
  expect(
    customDomainTaken.audit(input({ zones, hosts: [host(HOST, "route")], planned: plan })),
  ).toMatchObject([
    {
      subject: HOST,
      message: `${HOST} is a custom domain of the Worker shop, beside which no other record can stand.`,
    },
    { subject: "mail.example.com", remedy: "Remove the custom domain from the Worker web." },
  ]);
  expect(customDomainTaken.audit(input({ hosts: [host(HOST, "route")], planned: plan }))).toEqual([]);
});
