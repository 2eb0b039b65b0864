import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { exitCodeOf, type Finding, type FindingStatus } from "../../src/doctor/finding.ts";
import { renderFindings } from "../../src/doctor/render-findings.ts";
import { expectGolden } from "../dns/golden-file.ts";

const findings: readonly Finding[] = [
  {
    code: "dns-record",
    status: "pass",
    subject: "autoconfig.example.com A/AAAA",
    expected: "an address",
    observed: "203.0.113.80",
  },
  {
    code: "dns-record",
    status: "fail",
    subject: "_imaps._tcp.example.com SRV",
    expected: "0 1 993 mail.example.com",
    observed: "none",
    remedy: "Run the deployment again, and look for a record of somebody else.",
  },
  {
    code: "dns-record",
    status: "warn",
    subject: "mail.example.com A",
    expected: "203.0.113.25",
    observed: "192.0.2.9",
  },
  {
    code: "mail-port",
    status: "unknown",
    subject: "imap mail.example.com:993 implicit",
    observed: "timeout: 10 s",
  },
  { code: "mail-login", status: "pass", subject: "a subject alone" },
];

function withStatus(...statuses: readonly FindingStatus[]): readonly Finding[] {
  return statuses.map((status) => ({ code: "dns-record", status, subject: "x" }));
}

test("findings read as a table, with what was expected and what to do below what is not right", () => {
  expectGolden(new URL("golden/findings.txt", import.meta.url), renderFindings(findings));
});

test("colour changes no character but the escape codes", () => {
  const coloured = renderFindings(findings, { colour: true });
  expect(coloured).toContain("\u001B[31mFAIL\u001B[0m");
  expect(stripVTControlCharacters(coloured)).toBe(renderFindings(findings));
});

test("nothing found renders as nothing", () => {
  expect(renderFindings([])).toBe("");
});

test.each<[readonly FindingStatus[], number]>([
  [[], 0],
  [["pass", "pass"], 0],
  [["pass", "warn"], 0],
  [["pass", "unknown"], 0],
  [["unknown", "unknown"], 3],
  [["unknown", "fail"], 1],
  [["pass", "fail", "warn"], 1],
])("the exit code of %j is %i", (statuses, code) => {
  expect(exitCodeOf(withStatus(...statuses))).toBe(code);
});
