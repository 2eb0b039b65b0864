import { expect, test } from "vitest";
import { renderMtaStsPolicy } from "../../src/documents/mta-sts-policy.ts";
import { expectGolden } from "../dns/golden-file.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

const mx = [{ host: "mx1.example.com" }, { host: "mx2.example.net", priority: 5 }];

test("the policy names its version, its mode, every exchanger, and how long it holds", () => {
  const policy = renderMtaStsPolicy(sampleDomain({ mx, mtaSts: { mode: "enforce" } })) ?? "";
  expectGolden(new URL("golden/mta-sts.txt", import.meta.url), policy);
});

test("every line ends in CRLF", () => {
  const policy = renderMtaStsPolicy(sampleDomain({ mx, mtaSts: { mode: "none" } })) ?? "";
  expect(policy).toMatch(/^([^\r\n]+\r\n)+$/);
});

test("a domain without a policy has no document", () => {
  expect(renderMtaStsPolicy(sampleDomain({ mx }))).toBeUndefined();
});
