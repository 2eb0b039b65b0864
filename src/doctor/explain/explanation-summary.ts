import type { DomainExplanation } from "./explain-domain.ts";

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
