import { expect, test } from "vitest";
import { issuesOf } from "./issues-of.ts";
import { sampleDomain } from "./sample-domain.ts";

test("exchangers without a priority are asked in the order of the file", () => {
  const mx = [
    { host: "MX1.example.com." },
    { host: "mx2.example.com", priority: 5 },
    { host: "mx3.example.com" },
  ];
  expect(sampleDomain({ mx }).delivery.mx).toEqual([
    { priority: 10, host: "mx1.example.com" },
    { priority: 5, host: "mx2.example.com" },
    { priority: 30, host: "mx3.example.com" },
  ]);
});

test("a domain that takes no mail says so with one null exchanger (RFC 7505)", () => {
  expect(sampleDomain({ mx: false }).delivery.mx).toEqual([{ priority: 0, host: "." }]);
});

test("an empty list, an exchanger that stands twice, and one that is no host name are refused", () => {
  expect(issuesOf({ mx: [] })).toMatchObject([{ path: "mx", message: "is empty" }]);
  const twice = [{ host: "mx.example.com" }, { host: "mx.example.com", priority: 5 }];
  expect(issuesOf({ mx: twice })).toMatchObject([{ path: "mx", value: '"mx.example.com"' }]);
  expect(issuesOf({ mx: [{ host: "203.0.113.25" }] })).toMatchObject([{ path: "mx.0.host" }]);
  expect(issuesOf({ mx: [{ host: "mx.example.com", priority: 65_536 }] })).toMatchObject([
    { path: "mx.0.priority" },
  ]);
});

test("an MTA-STS policy needs exchangers, and lasts a week by default", () => {
  const mx = [{ host: "mx.example.com" }];
  expect(sampleDomain({ mx, mtaSts: { mode: "testing" } }).delivery.mtaSts).toEqual({
    mode: "testing",
    maxAgeSeconds: 604_800,
  });
  for (const without of [{}, { mx: false }]) {
    expect(issuesOf({ ...without, mtaSts: { mode: "enforce" } })).toMatchObject([{ path: "mtaSts" }]);
  }
});

test.each([86_399, 31_557_601, 100_000.5])("an MTA-STS policy cannot last %d seconds", (maxAgeSeconds) => {
  const mx = [{ host: "mx.example.com" }];
  expect(issuesOf({ mx, mtaSts: { mode: "testing", maxAgeSeconds } })).toMatchObject([
    { path: "mtaSts.maxAgeSeconds" },
  ]);
});

test("TLS reports go to mailto: and https: URLs, in percent-encoding where they hold a separator", () => {
  const tlsRpt = ["mailto:tls@example.com", "https://example.net/tls?a=1"];
  expect(sampleDomain({ tlsRpt }).delivery.tlsRpt).toEqual(tlsRpt);
  const bad = ["tls@example.com", "http://example.net/", "mailto:a@example.com,b@example.com", "https://x/;"];
  expect(issuesOf({ tlsRpt: bad }).map(({ path }) => path)).toEqual([
    "tlsRpt.0",
    "tlsRpt.1",
    "tlsRpt.2",
    "tlsRpt.3",
  ]);
});

test("caa: true is the module's own needs, bound to its account; false is nothing", () => {
  expect(sampleDomain({ caa: true }).delivery.caa).toEqual({
    issuers: [],
    iodef: undefined,
    bindAccount: true,
  });
  expect(sampleDomain({ caa: false }).delivery.caa).toBeUndefined();
  const caa = { issuers: ["Sectigo.com"], iodef: "mailto:caa@example.com", bindAccount: false };
  expect(sampleDomain({ caa }).delivery.caa).toEqual({ ...caa, issuers: ["sectigo.com"] });
});

test("issuers are names and iodef is a URL", () => {
  expect(issuesOf({ caa: { issuers: ["Let's Encrypt"], iodef: "caa@example.com" } })).toMatchObject([
    { path: "caa.issuers.0" },
    { path: "caa.iodef" },
  ]);
});
