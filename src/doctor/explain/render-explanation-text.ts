import { styleText } from "node:util";
import type { Discovery } from "../../clients/ladder/discovery.ts";
import { printableText } from "../printable-text.ts";
import { discoveryWords } from "./discovery-words.ts";
import type { ClientChange, DomainExplanation } from "./explain-domain.ts";
import { endedRisks, commonWords, summaryWords } from "./explanation-summary.ts";
import type { Verdict } from "./judge-change.ts";
import type { PasswordRisk } from "./password-risk.ts";

export interface ExplanationTextOptions {
  /** Default false. */
  readonly colour?: boolean | undefined;
  /** True: each step of each client. Default false: what decides, and clients that do the same stand together. */
  readonly steps?: boolean | undefined;
}

type Colour = Parameters<typeof styleText>[0];

const MARKS: Readonly<Record<Discovery["outcome"], readonly [mark: string, colour: Colour]>> = {
  configured: ["✓", "green"],
  manual: ["–", "yellow"],
  failed: ["✗", "red"],
  unknown: ["?", "magenta"],
};

const VERDICT_COLOURS: Readonly<Record<Verdict, Colour>> = {
  worse: ["red", "bold"],
  better: ["green", "bold"],
  changed: ["bold"],
  same: ["bold"],
  unknown: ["bold"],
};

/** What gets worse is read first. */
const WORST_FIRST: readonly Verdict[] = ["worse", "changed", "better", "same", "unknown"];

/** Renders explanations for people: each domain, what becomes of its clients, and which do the same. */
export function renderExplanationText(
  explanations: readonly DomainExplanation[],
  options: ExplanationTextOptions = {},
): string {
  return explanations.map((explanation) => renderDomain(explanation, options)).join("\n");
}

function renderDomain(explanation: DomainExplanation, options: ExplanationTextOptions): string {
  const { domain, address, clients } = explanation;
  const groups = [...Map.groupBy(clients, (change) => groupKey(change, options)).values()];
  const sorted = WORST_FIRST.flatMap((verdict) => groups.filter(([first]) => first?.verdict === verdict));
  const common = commonWords(explanation);
  return [
    `${paint(domain, "bold", options)}  ${paint(`as ${address} sets it up`, "dim", options)}\n`,
    `${summaryWords(explanation)}\n`,
    ...sorted.map((group) => `\n${renderGroup(group, options)}`),
    listLines("  would still be given the mailbox password, if it asks for it:", common.risks, options),
    listLines("  taken for granted today:", common.assumptionsToday, options),
    listLines("  taken for granted after the change:", common.assumptions, options),
  ].join("");
}

function groupKey(change: ClientChange, { steps }: ExplanationTextOptions): string {
  const { before, after, verdict, worsenings, title } = change;
  const own = steps === true ? title : "";
  const former = before === undefined ? null : discoveryWords(before, endedRisks(change));
  return JSON.stringify([own, verdict, worsenings, former, discoveryWords(after)]);
}

function renderGroup(group: readonly ClientChange[], options: ExplanationTextOptions): string {
  const [first] = group;
  if (first === undefined) return "";
  const { before, after, verdict, worsenings } = first;
  const titles = group.map(({ title, isBestEffort }) => (isBestEffort ? `${title} (best effort)` : title));
  const word = verdict === "unknown" ? "" : `${verdict}: `;
  return [
    `  ${paint(`${word}${titles.join(", ")}`, VERDICT_COLOURS[verdict], options)}\n`,
    ...(before === undefined ? [] : discoveryLines("today", before, endedRisks(first), options)),
    ...discoveryLines("after", after, [], options),
    ...worsenings.map(({ message }) => `    ${paint(`worse  ${printableText(message)}`, "red", options)}\n`),
  ].join("");
}

function discoveryLines(
  when: string,
  discovery: Discovery,
  risks: readonly PasswordRisk[],
  options: ExplanationTextOptions,
): readonly string[] {
  const { result, source, alarms } = discoveryWords(discovery, risks);
  const [mark, colour] = MARKS[discovery.outcome];
  return [
    `    ${when}  ${paint(mark, colour, options)} ${result}\n`,
    ...alarms.map((alarm) => `           ${paint(`! ${alarm}`, ["red", "bold"], options)}\n`),
    ...(source === undefined ? [] : [`           ${paint(source, "dim", options)}\n`]),
    ...(options.steps === true ? stepLines(discovery, options) : []),
  ];
}

function stepLines({ steps }: Discovery, options: ExplanationTextOptions): readonly string[] {
  const width = Math.max(0, ...steps.map(({ what }) => what.length));
  return steps.map(({ what, target, answer, ms }, index) => {
    const time = ms >= 1000 ? ` (${Math.round(ms / 1000)} s)` : "";
    const number = String(index + 1).padStart(2);
    const line = `${number}  ${what.padEnd(width)}  ${target}: ${answer}${time}`;
    return `           ${paint(printableText(line), "dim", options)}\n`;
  });
}

function listLines(head: string, lines: readonly string[], options: ExplanationTextOptions): string {
  if (lines.length === 0) return "";
  return `\n${head}\n${lines.map((line) => `    ${paint(line, "dim", options)}\n`).join("")}`;
}

function paint(text: string, colour: Colour, { colour: isColoured }: ExplanationTextOptions): string {
  return isColoured === true ? styleText(colour, text, { validateStream: false }) : text;
}
