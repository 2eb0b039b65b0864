import { expect, test } from "vitest";
import { baseDomain, mxDomains } from "../../../src/clients/ladder/base-domain.ts";

test.each([
  ["mx1.example.com", "example.com"],
  ["mx.example.co.uk", "example.co.uk"],
  // A private suffix: each name below it is somebody else's.
  ["mail.alice.github.io", "alice.github.io"],
  ["box.example.test", "example.test"],
  ["github.io", undefined],
  ["203.0.113.1", undefined],
])("the registrable domain of %s is %s", (host, domain) => {
  expect(baseDomain(host)).toBe(domain);
});

test.each<[string, string, readonly string[]]>([
  ["mx1.provider.test", "example.test", ["provider.test"]],
  ["mx1.eu.provider.test", "example.test", ["eu.provider.test", "provider.test"]],
  ["provider.test", "example.test", ["provider.test"]],
  ["mx1.example.test", "example.test", []],
  ["a.b.example.test", "example.test", []],
  // A domain below the registrable one is looked up there.
  ["mx.example.test", "dept.example.test", ["example.test"]],
  ["203.0.113.1", "example.test", []],
])("the MX %s of %s leads to %j", (host, domain, domains) => {
  expect(mxDomains(host, domain)).toEqual(domains);
});
