import type { MailDomain } from "../../spec/mail-domain.ts";
import type { PlanProblem } from "../planned-record.ts";

/**
 * Renders everything that stands against a plan: for each domain its problems, each with what to do, and once the very
 * lines that would allow what was refused: the whole lists, since a key stands in a file once.
 */
export function renderProblems(problems: readonly PlanProblem[], domains: readonly MailDomain[]): string {
  const groups = [...Map.groupBy(problems, ({ domain }) => domain)];
  return groups
    .map(([name, group]) => {
      const spec = domains.find(({ domain }) => domain === name);
      const lines = group.map(({ message, remedy }) => `  - ${message}\n      ${remedy}`);
      const lists = (["adopt", "replace"] as const).flatMap((list) => {
        const added = [...new Set(group.flatMap((problem) => problem[list] ?? []))];
        if (added.length === 0) return [];
        const former = (spec?.[list] ?? []).map((entry) => `${entry.name}/${entry.type}`);
        return [`    ${list}:`, ...[...new Set([...former, ...added])].map((entry) => `      - ${entry}`)];
      });
      const allow = lists.length === 0 ? [] : [`  To allow it, write into the file of ${name}:`, ...lists];
      return [`${name}:`, ...lines, ...allow].join("\n");
    })
    .join("\n");
}
