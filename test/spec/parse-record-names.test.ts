import { expect, test } from "vitest";
import { issuesOf } from "./issues-of.ts";
import { sampleDomain } from "./sample-domain.ts";

test.each([
  ["autodiscover/CNAME", { name: "autodiscover", type: "CNAME" }],
  ["@/mx", { name: "@", type: "MX" }],
  ["_DMARC.Example.com./txt", { name: "_dmarc.example.com", type: "TXT" }],
  ["_imaps._tcp/SRV", { name: "_imaps._tcp", type: "SRV" }],
  ["bücher/A", { name: "xn--bcher-kva", type: "A" }],
  ["*.example.com/AAAA", { name: "*.example.com", type: "AAAA" }],
  ["example.com / CAA", { name: "example.com", type: "CAA" }],
])("%s names a record", (entry, name) => {
  expect(sampleDomain({ adopt: [entry] }).adopt).toEqual([name]);
  expect(sampleDomain({ replace: [entry] }).replace).toEqual([name]);
});

test.each(["autodiscover", "autodiscover/", "/CNAME", "a..b/A", "a/NS", "a b/TXT", "https://example.com/A"])(
  "%j names none",
  (entry) => {
    expect(issuesOf({ adopt: [entry] })).toMatchObject([{ path: "adopt.0", value: JSON.stringify(entry) }]);
    expect(issuesOf({ replace: ["@/MX", entry] })).toMatchObject([{ path: "replace.1" }]);
  },
);

test.each([
  ["autodiscover/CNAME", "autodiscover/CNAME"],
  ["autodiscover/CNAME", "autodiscover.example.com/cname"],
  ["@/MX", "example.com/MX"],
])("a record has one fate: %s in adopt and %s in replace are refused", (adopted, replaced) => {
  expect(issuesOf({ adopt: [adopted], replace: [replaced] })).toMatchObject([{ path: "replace.0" }]);
});

test("another type of the same name may have another fate", () => {
  expect(issuesOf({ adopt: ["@/MX"], replace: ["@/TXT"] })).toEqual([]);
});
