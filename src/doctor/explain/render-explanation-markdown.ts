import type { Discovery } from "../../clients/ladder/discovery.ts";
import type { PlanProblem } from "../../dns/planned-record.ts";
import { markdownText } from "../markdown-text.ts";
import { discoveryWords } from "./discovery-words.ts";
import type { ClientChange, DomainExplanation } from "./explain-domain.ts";
import { endedRisks, commonWords, summaryWords } from "./explanation-summary.ts";
import type { Verdict } from "./judge-change.ts";
import type { PasswordRisk } from "./password-risk.ts";

/** GitHub refuses a comment of more than 65,536 characters; the rest is left for a heading of the pipeline's own. */
const MOST_CHARACTERS = 60_000;
/** Problems of a domain that are told one by one: the table below must have room. */
const MOST_PROBLEMS = 20;

const OUTCOME_MARKS: Readonly<Record<Discovery["outcome"], string>> = {
  configured: "✅",
  manual: "✍️",
  failed: "❌",
  unknown: "❔",
};

const VERDICTS: Readonly<Record<Verdict, string>> = {
  worse: "⚠️ **worse**",
  better: "better",
  changed: "changed",
  same: "",
  unknown: "",
};

/**
 * Renders explanations for a comment of a pull request: for each domain what stands against the plan and a table of clients,
 * the steps folded away below.
 */
export function renderExplanationMarkdown(
  unsorted: readonly DomainExplanation[],
  problems: readonly PlanProblem[] = [],
): string {
  // What gets worse must not be what there is no room for.
  const explanations = [...unsorted.filter(getsWorse), ...unsorted.filter((one) => !getsWorse(one))];
  const tables = explanations.map((explanation) =>
    renderTable(
      explanation,
      problems.filter(({ domain }) => domain === explanation.domain),
    ),
  );
  let text = "";
  let shown = 0;
  for (const [index, explanation] of explanations.entries()) {
    const table = tables[index] ?? "";
    if (text.length + table.length > MOST_CHARACTERS) break;
    const details = renderDetails(explanation);
    // Tables of further domains say more than the steps of this one.
    const rest = tables.slice(index + 1).join("").length;
    const hasRoom = text.length + table.length + details.length + rest <= MOST_CHARACTERS;
    text += hasRoom ? `${table}${details}` : table;
    shown += 1;
  }
  const left = explanations.slice(shown);
  if (left.length === 0) return text;
  const worse = left.filter(getsWorse).length;
  const words =
    worse === 0 ? "nothing gets worse for their clients" : `for clients of ${worse} something gets worse`;
  return `${text}\n${left.length} more domains are left out, since a comment has no room for them: ${words}.\n`;
}

function getsWorse({ clients }: DomainExplanation): boolean {
  return clients.some(({ verdict }) => verdict === "worse");
}

function renderTable(explanation: DomainExplanation, problems: readonly PlanProblem[]): string {
  const hasBefore = explanation.clients.some(({ before }) => before !== undefined);
  const { risks, assumptionsToday, assumptions } = commonWords(explanation);
  const head = hasBefore
    ? "| client | today | after this change | |\n| --- | --- | --- | --- |\n"
    : "| client | after this change | |\n| --- | --- | --- |\n";
  return [
    `\n### Mail clients of ${markdownText(explanation.domain)}\n\n`,
    `${markdownText(summaryWords(explanation))}\n\n`,
    ...renderProblemList(problems),
    head,
    ...explanation.clients.map((change) => renderRow(change, hasBefore)),
    ...list("Would still be given the mailbox password, if it asks for it", risks),
    ...list("Taken for granted today", assumptionsToday),
    ...list("Taken for granted after the change", assumptions),
  ].join("");
}

/** Who reads the comment does not see the warnings of the pipeline's log. */
function renderProblemList(problems: readonly PlanProblem[]): readonly string[] {
  const { length } = problems;
  if (length === 0) return [];
  const left = length - MOST_PROBLEMS;
  return [
    `⛔ **The preview refuses this plan for ${length} ${length === 1 ? "problem" : "problems"}**; below, what is in the way stays:\n\n`,
    ...problems
      .slice(0, MOST_PROBLEMS)
      .map(({ message, remedy }) => `- ${markdownText(message)} ${markdownText(remedy)}\n`),
    ...(left > 0 ? [`- ${left} more\n`] : []),
    "\n",
  ];
}

function list(head: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`\n${head}:\n\n`, ...lines.map((line) => `- ${markdownText(line)}\n`)];
}

function renderRow(change: ClientChange, hasBefore: boolean): string {
  const { title, before, after, verdict, worsenings } = change;
  const judged = [VERDICTS[verdict], ...worsenings.map(({ message }) => markdownText(message))].filter(
    (text) => text !== "",
  );
  const cells = [
    markdownText(title),
    ...(hasBefore ? [before === undefined ? "" : discoveryCell(before, endedRisks(change))] : []),
    discoveryCell(after),
    judged.join("<br>"),
  ];
  return `| ${cells.join(" | ")} |\n`;
}

function discoveryCell(discovery: Discovery, risks: readonly PasswordRisk[] = []): string {
  const { result, source, alarms } = discoveryWords(discovery, risks);
  return [
    `${OUTCOME_MARKS[discovery.outcome]} ${markdownText(result)}`,
    ...alarms.map((alarm) => `❗ **${markdownText(alarm)}**`),
    ...(source === undefined ? [] : [`<sub>${markdownText(source)}</sub>`]),
  ].join("<br>");
}

function renderDetails({ domain, clients }: DomainExplanation): string {
  const rows = clients.flatMap(({ title, before, after }) => [
    ...(before === undefined ? [] : stepRows(title, "today", before)),
    ...stepRows(title, "after", after),
  ]);
  return [
    `\n<details><summary>Every step of each client of ${domain}</summary>\n\n`,
    "| client | when | step | asked | answer |\n| --- | --- | --- | --- | --- |\n",
    ...rows,
    "\n</details>\n",
  ].join("");
}

function stepRows(title: string, when: string, { steps }: Discovery): readonly string[] {
  return steps.map(({ what, target, answer }) => {
    const cells = [title, when, what, target, answer].map(markdownText);
    return `| ${cells.join(" | ")} |\n`;
  });
}
