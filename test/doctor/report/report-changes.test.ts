import { describe, expect, test } from "vitest";
import type { DomainReport } from "../../../src/doctor/domain-report.ts";
import type { Finding, FindingStatus } from "../../../src/doctor/finding.ts";
import { renderChangesText } from "../../../src/doctor/render-changes-text.ts";
import { renderReportJson, type ReportJson } from "../../../src/doctor/render-report-json.ts";
import { changesSince } from "../../../src/doctor/report-changes.ts";
import { SAMPLE_REPORTS } from "./sample-reports.ts";

function report(...findings: readonly Finding[]): DomainReport {
  return { domain: "example.com", findings, clients: [] };
}

function finding(status: FindingStatus, observed: string, rest: Partial<Finding> = {}): Finding {
  return { code: "mail-port", subject: "imap mail.example.com:993 implicit", status, observed, ...rest };
}

function kept(...reports: readonly DomainReport[]): ReportJson {
  return JSON.parse(renderReportJson(reports)) as ReportJson;
}

/** One line a change: `status subject: now (before)`. */
function changes(now: DomainReport, ...before: readonly DomainReport[]): readonly string[] {
  return changesSince([now], kept(...before)).map(
    ({ status, subject, now: words, before: was }) =>
      `${status} ${subject}: ${words} (${was ?? "not there"})`,
  );
}

const OTHER = finding("pass", "192.0.2.1", { code: "dns-record", subject: "a A" });

describe("what has changed", () => {
  test("is nothing between a report and itself, whatever is wrong in it", () => {
    expect(changesSince(SAMPLE_REPORTS, kept(...SAMPLE_REPORTS))).toEqual([]);
    expect(renderChangesText([])).toBe("");
  });

  test("is what fails now and what passes again, with what it was before", () => {
    const right = report(OTHER, finding("pass", "TLSv1.3"));
    const wrong = report(OTHER, finding("fail", "expired certificate"));
    const subject = "imap mail.example.com:993 implicit";
    expect(changes(wrong, right)).toEqual([`fail ${subject}: expired certificate (pass, TLSv1.3)`]);
    expect(changes(right, wrong)).toEqual([`pass ${subject}: TLSv1.3 (fail, expired certificate)`]);
  });

  test("is another reason for the same failure, but not another number in it", () => {
    const late = (days: number): DomainReport =>
      report(finding("warn", `until 2026-12-04, ${days} days left`));
    expect(changes(late(4), late(5))).toEqual([]);
    expect(changes(report(finding("fail", "closed")), report(finding("fail", "expired")))).toHaveLength(1);
  });

  test("is not how long a client took", () => {
    const slow = (words: string): DomainReport =>
      report(finding("warn", words, { code: "client-time", subject: "kmail" }));
    expect(changes(slow("6.1 s; https://a.example"), slow("7.0 s; https://b.example"))).toEqual([]);
  });

  test("is what passes with other words only where it did not pass", () => {
    const told = (words: string): DomainReport => report(finding("pass", words));
    expect(changes(told("TLSv1.3"), told("TLSv1.2"))).toEqual([]);
  });

  test("is a trouble that is no more, under whatever subject it was told", () => {
    const stale = finding("fail", "gone.example.net does not exist", {
      code: "stale-record",
      subject: "b CNAME",
    });
    expect(changes(report(OTHER), report(OTHER, stale))).toEqual([
      "pass b CNAME: no more (fail, gone.example.net does not exist)",
    ]);
    expect(changes(report(OTHER, stale), report(OTHER))).toEqual([
      "fail b CNAME: gone.example.net does not exist (not there)",
    ]);
  });

  test("of a domain that was not looked at before is all that does not pass", () => {
    expect(changes(report(OTHER, finding("fail", "closed")))).toEqual([
      "fail imap mail.example.com:993 implicit: closed (not there)",
    ]);
  });

  test("is another result of a client, the password included", () => {
    const [, sample] = SAMPLE_REPORTS;
    const client = sample?.clients[0];
    if (client === undefined) throw new RangeError("The sample has no client.");
    const now = {
      domain: "example.com",
      findings: [],
      clients: [{ ...client, ms: 9000, passwordSentTo: ["https://a.example"] }],
    };
    const before = { ...now, clients: [{ ...client, passwordSentTo: [] }] };
    expect(
      changes(before, { ...before, clients: [{ ...client, ms: 1, steps: [], passwordSentTo: [] }] }),
    ).toEqual([]);
    const [line] = changes(now, before);
    expect(line).toMatch(/^warn client thunderbird: .*gives the password to https:\/\/a\.example \(/);
  });

  test("is printed by domain, with what it was and what to do, and without what could move a terminal", () => {
    const now = report(finding("fail", "closed\u001B[2J", { remedy: "Start the service." }));
    const text = renderChangesText(changesSince([now], kept(report(finding("pass", "TLSv1.3")))));
    expect(text).not.toContain("\u001B");
    expect(text.split("\n")[0]).toBe("example.com");
    expect(text).toMatch(/FAIL {2}imap .*closed/);
    expect(text).toContain("      before: pass, TLSv1.3\n      Start the service.\n");
  });
});
