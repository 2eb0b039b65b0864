import { describe, expect, test } from "vitest";
import type { Discovery, PromptKind } from "../../../src/clients/ladder/discovery.ts";
import { clientStatus } from "../../../src/doctor/client-status.ts";
import type { DomainReport } from "../../../src/doctor/domain-report.ts";
import { exitCodeOf, type FindingStatus } from "../../../src/doctor/finding.ts";
import { isRight, judgedOf, reportVerdict, worstFirst } from "../../../src/doctor/report-verdict.ts";
import { SAMPLE_REPORTS } from "./sample-reports.ts";

const sample = SAMPLE_REPORTS[0]?.clients[0] as Discovery;

function report(...statuses: readonly FindingStatus[]): DomainReport {
  return {
    domain: "example.com",
    findings: statuses.map((status) => ({ code: "dns-record", status, subject: "x" })),
    clients: [],
  };
}

describe("a client", () => {
  test.each([
    { outcome: "configured", status: "pass" },
    { outcome: "manual", status: "warn" },
    { outcome: "failed", status: "fail" },
    { outcome: "unknown", status: "unknown" },
  ] as const)("that ends $outcome is $status", ({ outcome, status }) => {
    expect(clientStatus({ ...sample, outcome })).toBe(status);
  });

  test("whose source is closed is not warned of where it finds nothing: the model may be wrong", () => {
    expect(clientStatus({ ...sample, client: "outlook-cloud", outcome: "manual" })).toBe("pass");
    expect(clientStatus({ ...sample, client: "outlook-cloud", outcome: "failed" })).toBe("fail");
  });

  test("that ends with typed servers whatever it is told knows nothing of a world that could not be looked at", () => {
    const step = {
      what: "Autodiscover V2",
      target: "GET https://autodiscover.example.com/",
      ms: 0,
      startMs: 0,
    };
    const steps = [{ ...step, answer: "not known: the resolver said SERVFAIL", effect: "unknown" as const }];
    expect(clientStatus({ ...sample, client: "outlook-cloud", outcome: "manual", steps })).toBe("unknown");
  });

  test.each<{ readonly kind: PromptKind; readonly status: FindingStatus }>([
    { kind: "certificate", status: "warn" },
    { kind: "foreign-host", status: "warn" },
    { kind: "untrusted-source", status: "warn" },
    { kind: "password", status: "pass" },
    { kind: "redirect", status: "pass" },
  ])("that sets itself up after a prompt ($kind) is $status", ({ kind, status }) => {
    const prompts = [{ kind, target: "example.com", text: "?" }];
    expect(clientStatus({ ...sample, prompts })).toBe(status);
  });

  test("that gives somebody the password during discovery is a warning", () => {
    expect(clientStatus({ ...sample, passwordSentTo: ["https://example.com"] })).toBe("warn");
  });
});

describe("the exit code", () => {
  test.each([
    { statuses: ["pass", "warn"], failOn: "fail", code: 0 },
    { statuses: ["pass", "unknown"], failOn: "fail", code: 0 },
    { statuses: ["warn", "unknown"], failOn: "warn", code: 1 },
    { statuses: ["pass", "fail", "unknown"], failOn: "fail", code: 1 },
    { statuses: ["fail"], failOn: "warn", code: 1 },
    { statuses: ["unknown", "unknown"], failOn: "fail", code: 3 },
    { statuses: ["unknown"], failOn: "warn", code: 3 },
  ] as const)("of $statuses with --fail-on $failOn is $code", ({ statuses, failOn, code }) => {
    expect(exitCodeOf(judgedOf(report(...statuses)), failOn)).toBe(code);
  });

  test("a client that fails fails the run, though every check passes", () => {
    expect(exitCodeOf(judgedOf({ ...report("pass"), clients: [{ ...sample, outcome: "failed" }] }))).toBe(1);
  });
});

test("a report is as its worst part, and one that says nothing is not known", () => {
  expect(reportVerdict(report("pass", "warn", "unknown")).status).toBe("unknown");
  expect(reportVerdict(report("unknown", "fail")).status).toBe("fail");
  expect(reportVerdict(report("pass")).status).toBe("pass");
  expect(reportVerdict(report()).status).toBe("unknown");
});

test.each([
  { statuses: ["pass", "warn"], failOn: "fail", right: true },
  { statuses: ["pass", "warn"], failOn: "warn", right: false },
  { statuses: ["pass", "unknown"], failOn: "fail", right: false },
  { statuses: ["fail"], failOn: "fail", right: false },
] as const)(
  "$statuses needs no further look with --fail-on $failOn: $right",
  ({ statuses, failOn, right }) => {
    expect(isRight(report(...statuses), failOn)).toBe(right);
  },
);

test("of many the worst comes first: by the worst status, then by how often, then by name", () => {
  const named = (domain: string, ...statuses: readonly FindingStatus[]): DomainReport => {
    return { ...report(...statuses), domain };
  };
  const sorted = worstFirst([
    named("a.test", "pass"),
    named("b.test", "warn"),
    named("c.test", "fail"),
    named("d.test", "fail", "fail"),
    named("e.test", "unknown"),
    named("f.test", "pass", "pass"),
  ]);
  expect(sorted.map(({ domain }) => domain[0])).toEqual(["d", "c", "e", "b", "a", "f"]);
});
