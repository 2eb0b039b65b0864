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

/** Returns what remains of a change, said once for all clients that it is true of: one line each. */
export function remainingWords({ clients }: DomainExplanation): {
  readonly assumptions: readonly string[];
  readonly risks: readonly string[];
} {
  return {
    assumptions: withClients(
      clients.flatMap(({ title, after }) => after.assumptions.map((text) => ({ text, title }))),
    ),
    risks: withClients(
      clients.flatMap(({ title, risksAfter }) =>
        risksAfter.map(({ origin, leadsTo }) => ({ text: `${origin}, which leads to ${leadsTo}`, title })),
      ),
    ),
  };
}

function withClients(pairs: readonly { readonly text: string; readonly title: string }[]): readonly string[] {
  return [...Map.groupBy(pairs, ({ text }) => text)].map(([text, users]) =>
    printableText(`${text} (${users.map(({ title }) => title).join(", ")})`),
  );
}
