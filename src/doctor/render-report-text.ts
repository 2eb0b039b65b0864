import type { Discovery } from "../clients/ladder/discovery.ts";
import { narrowServerWords } from "../clients/world/server-words.ts";
import { clientStatus } from "./client-status.ts";
import { secondsWords, warningWords } from "./client-words.ts";
import { countWords } from "./count-words.ts";
import type { DomainReport } from "./domain-report.ts";
import type { Finding, FindingStatus } from "./finding.ts";
import { printableText } from "./printable-text.ts";
import { renderFindings, statusMark, type RenderOptions } from "./render-findings.ts";
import { reportVerdict, WORST_FIRST, worstFirst } from "./report-verdict.ts";

export interface ReportTextOptions extends RenderOptions {
  /** True: what passed is listed, and each step of each client. Default false. */
  readonly isVerbose?: boolean | undefined;
}

/** Renders reports for people: each domain with its clients and what is not right, and a line for each at the end. Worst first. */
export function renderReportText(reports: readonly DomainReport[], options: ReportTextOptions = {}): string {
  const sorted = worstFirst(reports);
  const parts = sorted.map((report) => renderDomain(report, options));
  return [...parts, ...(sorted.length > 1 ? [renderSummary(sorted, options)] : [])].join("\n");
}

function renderDomain(report: DomainReport, options: ReportTextOptions): string {
  const { status, count } = reportVerdict(report);
  const head = `${statusMark(status, options)}  ${report.domain}  ${countWords(count)}\n`;
  const findings = WORST_FIRST.flatMap((wanted): readonly Finding[] =>
    wanted === "pass" && options.isVerbose !== true
      ? []
      : report.findings.filter((finding) => finding.status === wanted),
  );
  const clients = report.clients.length === 0 ? "" : `\n${renderClients(report.clients, options)}`;
  return `${head}${clients}${findings.length === 0 ? "" : `\n${renderFindings(findings, options)}`}`;
}

/** More names would hide what they all tell. */
const MOST_NAMED = 3;

const HEAD = ["client", "outcome", "servers", "from", "time"];

function renderClients(clients: readonly Discovery[], options: ReportTextOptions): string {
  const rows = clients.map((client) => [
    client.client,
    client.outcome,
    printableText(narrowServerWords(client.incoming, client.outgoing)),
    printableText(placeOf(client.source ?? "")),
    secondsWords(client.ms),
  ]);
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    `      ${line(HEAD)}\n`,
    ...clients.map((client, index) => {
      const steps = options.isVerbose === true ? stepLines(client) : [];
      return `${clientMark(client, options)}  ${line(rows[index] ?? [])}\n${steps.join("")}`;
    }),
    ...warningLines(clients),
  ].join("");
}

/** That a person types the servers in is nothing to call right, also where it is nothing to warn of. */
function clientMark(client: Discovery, options: ReportTextOptions): string {
  const status = clientStatus(client);
  return status === "pass" && client.outcome === "manual" ? "-".padEnd(4) : statusMark(status, options);
}

/** What several clients tell alike is one line: the first screen is to show what failed, too. */
function warningLines(clients: readonly Discovery[]): readonly string[] {
  const said = clients.flatMap((client) => warningWords(client).map((words) => ({ client, words })));
  const groups = [...Map.groupBy(said, ({ words }) => words)];
  const lines = groups.map(([words, by]) => {
    const names = by.map(({ client }) => client.client);
    const who = names.length > MOST_NAMED ? `${names.length} clients` : names.join(", ");
    return `      ! ${who}: ${words}\n`;
  });
  return lines.length === 0 ? [] : ["\n", ...lines];
}

/** The steps of a verbose report have the whole URL. */
function placeOf(source: string): string {
  return URL.parse(source)?.host ?? source;
}

function stepLines({ steps, assumptions }: Discovery): readonly string[] {
  const taken = assumptions.map((sentence) => `        assumed: ${printableText(sentence)}\n`);
  const lines = steps.map(({ what, target, answer, startMs, ms }) => {
    const time = `${secondsWords(startMs)} + ${secondsWords(ms)}`;
    return `        ${time}  ${what}  ${printableText(target)}: ${printableText(answer)}\n`;
  });
  return [...taken, ...lines];
}

function renderSummary(sorted: readonly DomainReport[], options: ReportTextOptions): string {
  const width = Math.max(...sorted.map(({ domain }) => domain.length));
  const lines = sorted.map((report) => {
    const { status, count } = reportVerdict(report);
    return `${statusMark(status, options)}  ${report.domain.padEnd(width)}  ${countWords(count)}\n`;
  });
  const statuses = sorted.map((report) => reportVerdict(report).status);
  const counted = WORST_FIRST.flatMap((status) => {
    const count = statuses.filter((each) => each === status).length;
    return count === 0 ? [] : [`${count} ${DOMAIN_WORDS[status]}`];
  });
  return `${sorted.length} domains: ${counted.join(", ")}\n\n${lines.join("")}`;
}

const DOMAIN_WORDS: Readonly<Record<FindingStatus, string>> = {
  fail: "failed",
  unknown: "not known",
  warn: "with warnings",
  pass: "passed",
};
