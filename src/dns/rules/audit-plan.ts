import type { AuditInput, RuleViolation } from "./rule.ts";
import { RULES } from "./rules.ts";

/**
 * Returns every violation of every rule, all at once: failures first, then by zone, subject, rule and message, so that two
 * runs over the same zones read the same.
 */
export function auditPlan(input: AuditInput): readonly RuleViolation[] {
  return RULES.flatMap(({ audit }) => audit(input)).toSorted(
    (a, b) =>
      compare(a.severity, b.severity) ||
      compare(a.zone, b.zone) ||
      compare(a.subject, b.subject) ||
      compare(a.rule, b.rule) ||
      compare(a.message, b.message),
  );
}

// By code units, the same on every machine; "fail" comes before "warn".
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
