import type { Finding, FindingStatus } from "./finding.ts";
import { printableText } from "./printable-text.ts";

export interface RenderOptions {
  /** Colour codes, for a terminal. Default false. */
  readonly colour?: boolean | undefined;
}

/** What stands before a line, at most four characters. */
export const STATUS_MARKS: Readonly<Record<FindingStatus, string>> = {
  pass: "ok",
  warn: "warn",
  fail: "FAIL",
  unknown: "?",
};
const COLOUR: Readonly<Record<FindingStatus, number>> = { pass: 32, warn: 33, fail: 31, unknown: 35 };

/** Renders findings as a table for people: one line each, and below it what was expected where it is not so. */
export function renderFindings(findings: readonly Finding[], options: RenderOptions = {}): string {
  const lines = findings.map(printable);
  const width = Math.max(0, ...lines.map((finding) => finding.subject.length));
  return lines
    .flatMap((finding) => {
      const mark = statusMark(finding.status, options);
      const line = `${mark}  ${finding.subject.padEnd(width)}  ${finding.observed ?? ""}`.trimEnd();
      return finding.status === "pass" ? [line] : [line, ...details(finding)];
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** Returns the mark of a status, padded to its column. */
export function statusMark(status: FindingStatus, options: RenderOptions = {}): string {
  return paint(STATUS_MARKS[status].padEnd(4), COLOUR[status], options);
}

/** What others' servers say stays on its line. */
function printable(finding: Finding): Finding {
  const { subject, expected, observed } = finding;
  return {
    ...finding,
    subject: printableText(subject),
    expected: expected === undefined ? undefined : printableText(expected),
    observed: observed === undefined ? undefined : printableText(observed),
  };
}

function details(finding: Finding): string[] {
  return [
    ...(finding.expected === undefined ? [] : [`      expected: ${finding.expected}`]),
    ...(finding.remedy === undefined ? [] : [`      ${finding.remedy}`]),
  ];
}

function paint(text: string, code: number, options: RenderOptions): string {
  return options.colour === true ? `\u001B[${code}m${text}\u001B[0m` : text;
}
