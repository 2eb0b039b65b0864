import { expect, test } from "vitest";
import { publishedFindings } from "../../../infra/sandbox/published-findings.ts";
import type { Finding } from "../../../src/doctor/finding.ts";
import type { MailDomain } from "../../../src/spec/mail-domain.ts";
import { requireDomainFiles } from "../../../src/spec/parse-domain-files.ts";

const [own] = requireDomainFiles([
  { file: "example.yaml", text: "domain: example.test\nmailServer: { host: mail.example.test }\n" },
]) as [MailDomain];
const hosted: MailDomain = {
  ...own,
  preset: { ...own.preset, discovery: { autodiscover: "autodiscover.provider.example" } },
};

const finding = (subject: string): Finding => ({ code: "autoconfig-document", status: "fail", subject });
const findings = [
  finding("GET https://autoconfig.example.test/mail/config-v1.1.xml"),
  finding("POST https://autodiscover.example.test/autodiscover/autodiscover.xml"),
  finding("GET http://autodiscover.example.test/autodiscover/autodiscover.xml"),
  finding("_imaps._tcp.example.test SRV"),
];

test("a failed document at a host that a hosted provider serves does not fail the sandbox", () => {
  expect(publishedFindings(findings, hosted, "example.test")).toEqual([findings[0], findings[3]]);
});

test("a failed document at a host of our own does", () => {
  expect(publishedFindings(findings, own, "example.test")).toEqual(findings);
});
