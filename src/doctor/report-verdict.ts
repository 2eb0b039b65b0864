import { clientStatus } from "./client-status.ts";
import type { DomainReport } from "./domain-report.ts";
import type { FindingStatus, Judged } from "./finding.ts";

/** Worst first: what failed needs a change, what is not known another look. */
export const WORST_FIRST: readonly FindingStatus[] = ["fail", "unknown", "warn", "pass"];

/** Returns everything of a report that is judged: its findings but those by the way, and its clients. */
export function judgedOf({ findings, clients }: DomainReport): readonly Judged[] {
  return [
    ...findings.filter(({ isAside }) => isAside !== true),
    ...clients.map((client) => ({ status: clientStatus(client) })),
  ];
}

/** How many findings and clients of a report have each status, without what is told by the way. */
export type StatusCount = Readonly<Record<FindingStatus, number>>;

export interface Verdict {
  /** The worst status of all; `unknown` of a report that says nothing. */
  readonly status: FindingStatus;
  readonly count: StatusCount;
}

/** Sums a report up. */
export function reportVerdict(report: DomainReport): Verdict {
  const count = { fail: 0, unknown: 0, warn: 0, pass: 0 };
  for (const { status } of judgedOf(report)) count[status] += 1;
  return { status: WORST_FIRST.find((status) => count[status] > 0) ?? "unknown", count };
}

/** True where nothing fails and nothing is unknown: no reason to look again. */
export function isRight(report: DomainReport, failOn: "warn" | "fail"): boolean {
  const { status } = reportVerdict(report);
  return status === "pass" || (status === "warn" && failOn === "fail");
}

/** Returns reports with the worst first; among equals by the number of what is wrong, then by name. */
export function worstFirst(reports: readonly DomainReport[]): readonly DomainReport[] {
  return reports
    .map((report) => ({ report, verdict: reportVerdict(report) }))
    .toSorted(
      (a, b) =>
        WORST_FIRST.indexOf(a.verdict.status) - WORST_FIRST.indexOf(b.verdict.status) ||
        wrongOf(b.verdict) - wrongOf(a.verdict) ||
        (a.report.domain < b.report.domain ? -1 : 1),
    )
    .map(({ report }) => report);
}

function wrongOf({ status, count }: Verdict): number {
  return status === "pass" ? 0 : count[status];
}
