import type { Discovery } from "../clients/ladder/discovery.ts";
import { serverWords } from "../clients/world/server-words.ts";
import { clientStatus } from "./client-status.ts";
import { secondsWords, warningWords } from "./client-words.ts";
import { countWords } from "./count-words.ts";
import type { DomainReport } from "./domain-report.ts";
import type { Finding } from "./finding.ts";
import { markdownText } from "./markdown-text.ts";
import { STATUS_MARKS } from "./render-findings.ts";
import { reportVerdict, WORST_FIRST, worstFirst } from "./report-verdict.ts";

/** GitHub refuses a comment of more than 65,536 characters; the rest is left for a heading of the pipeline's own. */
const MOST_CHARACTERS = 60_000;

/** Renders reports for a comment of a pull request: a table of all domains, worst first, then each one's details as far as they fit. */
export function renderReportMarkdown(reports: readonly DomainReport[]): string {
  const sorted = worstFirst(reports);
  let text = renderOverview(sorted);
  let shown = 0;
  for (const report of sorted) {
    const details = renderDetails(report);
    if (text.length + details.length > MOST_CHARACTERS) break;
    text += details;
    shown += 1;
  }
  const left = sorted.length - shown;
  return left === 0
    ? text
    : `${text}\nThe details of ${left} more are left out: a comment has no room for them.\n`;
}

function renderOverview(sorted: readonly DomainReport[]): string {
  const head = "| | domain | clients set up | findings |\n| --- | --- | --- | --- |\n";
  let text = head;
  for (const [index, report] of sorted.entries()) {
    const { status, count } = reportVerdict(report);
    const configured = report.clients.filter(({ outcome }) => outcome === "configured").length;
    const cells = [
      STATUS_MARKS[status],
      markdownText(report.domain),
      `${configured} of ${report.clients.length}`,
      countWords(count),
    ];
    const line = row(cells);
    if (text.length + line.length > MOST_CHARACTERS / 2) {
      return `${text}\n${sorted.length - index} more domains, none of them worse.\n`;
    }
    text += line;
  }
  return text;
}

function renderDetails(report: DomainReport): string {
  const { status, count } = reportVerdict(report);
  const findings = WORST_FIRST.filter((wanted) => wanted !== "pass").flatMap((wanted) =>
    report.findings.filter((finding) => finding.status === wanted),
  );
  const open = status === "fail" ? " open" : "";
  return [
    `\n<details${open}><summary>${STATUS_MARKS[status]} <b>${report.domain}</b>: ${countWords(count)}</summary>\n`,
    ...(report.clients.length === 0
      ? []
      : [
          "\n| | client | outcome | servers | from | time |\n| --- | --- | --- | --- | --- | --- |\n",
          ...report.clients.map(clientRow),
        ]),
    ...(findings.length === 0
      ? []
      : [
          "\n| | finding | subject | observed | expected | what to do |\n| --- | --- | --- | --- | --- | --- |\n",
          ...findings.map(findingRow),
        ]),
    "\n</details>\n",
  ].join("");
}

function clientRow(client: Discovery): string {
  const outcome = [client.outcome, ...warningWords(client).map((words) => `**${markdownText(words)}**`)];
  return row([
    STATUS_MARKS[clientStatus(client)],
    client.client,
    outcome.join("<br>"),
    markdownText(serverWords(client.incoming, client.outgoing)),
    markdownText(client.source ?? ""),
    secondsWords(client.ms),
  ]);
}

function findingRow({ code, status, subject, observed, expected, remedy }: Finding): string {
  const texts = [subject, observed ?? "", expected ?? "", remedy ?? ""];
  return row([STATUS_MARKS[status], code, ...texts.map(markdownText)]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}
