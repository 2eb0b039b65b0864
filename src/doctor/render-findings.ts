import type { Finding, FindingStatus } from "./finding.ts";

export interface RenderOptions {
  /** Colour codes, for a terminal. Default false. */
  readonly colour?: boolean | undefined;
}

const MARK: Readonly<Record<FindingStatus, string>> = {
  pass: "ok",
  warn: "warn",
  fail: "FAIL",
  unknown: "?",
};
const COLOUR: Readonly<Record<FindingStatus, number>> = { pass: 32, warn: 33, fail: 31, unknown: 35 };

/** Renders findings as a table for people: one line each, and below it what was expected where it is not so. */
export function renderFindings(findings: readonly Finding[], options: RenderOptions = {}): string {
  const width = Math.max(0, ...findings.map((finding) => finding.subject.length));
  return findings
    .flatMap((finding) => {
      const mark = paint(MARK[finding.status].padEnd(4), COLOUR[finding.status], options);
      const line = `${mark}  ${finding.subject.padEnd(width)}  ${finding.observed ?? ""}`.trimEnd();
      return finding.status === "pass" ? [line] : [line, ...details(finding)];
    })
    .map((line) => `${line}\n`)
    .join("");
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
