import { printableText } from "../printable-text.ts";
import type { ClientChange, DomainExplanation } from "./explain-domain.ts";
import type { PasswordRisk } from "./password-risk.ts";

/** Returns what a change means in one sentence: `11 of 11 clients set themselves up after the change, today none does.` */
export function summaryWords({ clients }: DomainExplanation): string {
  const count = (outcome: string, when: "before" | "after"): number =>
    clients.filter((client) => client[when]?.outcome === outcome).length;
  const worse = clients.filter(({ verdict }) => verdict === "worse").map(({ title }) => title);
  const hasBefore = clients.some(({ before }) => before !== undefined);
  const unknown = count("unknown", "before");
  const today = count("configured", "before");
  const doubt = unknown === 0 ? "" : `, of ${unknown} it is not known`;
  return [
    `${count("configured", "after")} of ${clients.length} clients set themselves up after the change`,
    ...(hasBefore ? [`; today ${today === 0 ? "none" : today}${doubt}`] : []),
    ".",
    ...(worse.length === 0
      ? []
      : [` ${worse.length} ${worse.length === 1 ? "gets" : "get"} worse: ${worse.join(", ")}.`]),
  ].join("");
}

/** Returns the risks that a change takes away: they are what is read of "today". */
export function endedRisks({ risksBefore, risksAfter }: ClientChange): readonly PasswordRisk[] {
  return risksBefore.filter(({ origin }) => !risksAfter.some((risk) => risk.origin === origin));
}

/** What is said once for all clients that it is true of: one line each. */
export interface CommonWords {
  /** What "today" rests on, as far as the time after the change does not. */
  readonly assumptionsToday: readonly string[];
  readonly assumptions: readonly string[];
  /** Who could have the password still. */
  readonly risks: readonly string[];
}

export function commonWords({ clients }: DomainExplanation): CommonWords {
  const pairs = (when: "before" | "after"): readonly Pair[] =>
    clients.flatMap((client) =>
      (client[when]?.assumptions ?? []).map((text) => ({ text, title: client.title })),
    );
  const after = pairs("after");
  const isSaid = new Set(after.map(({ text }) => text));
  return {
    assumptionsToday: withClients(pairs("before").filter(({ text }) => !isSaid.has(text))),
    assumptions: withClients(after),
    risks: withClients(
      clients.flatMap(({ title, risksAfter }) =>
        risksAfter.map(({ origin, leadsTo }) => ({ text: `${origin}, which leads to ${leadsTo}`, title })),
      ),
    ),
  };
}

interface Pair {
  readonly text: string;
  readonly title: string;
}

function withClients(pairs: readonly Pair[]): readonly string[] {
  return [...Map.groupBy(pairs, ({ text }) => text)].map(([text, users]) =>
    printableText(`${text} (${users.map(({ title }) => title).join(", ")})`),
  );
}
