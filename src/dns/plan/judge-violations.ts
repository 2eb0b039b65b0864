import { closestZone } from "../../spec/host-name.ts";
import type { PlannedRecord, PlanNotice, PlanProblem } from "../planned-record.ts";
import type { RuleViolation } from "../rules/rule.ts";

/** What a program plans for one domain. */
interface DomainPlanned {
  readonly domain: string;
  readonly zone: string | undefined;
  readonly planned: readonly PlannedRecord[];
}

/**
 * Tells violations of Cloudflare's rules that stop the plan from those that are only said. A domain of which nothing is
 * about to change is not stopped by what others did since: its certificate has to be renewed all the same.
 */
export function judgeViolations(
  violations: readonly RuleViolation[],
  domains: readonly DomainPlanned[],
): { readonly problems: readonly PlanProblem[]; readonly notices: readonly PlanNotice[] } {
  const judged = violations.map((violation) => {
    const domain = domainOf(violation, domains);
    const isSettled = domain?.planned.every(({ action }) => action === "keep") ?? false;
    return { violation, domain: domain?.domain ?? "", stops: violation.severity === "fail" && !isSettled };
  });
  return {
    problems: judged
      .filter(({ stops }) => stops)
      .map(({ violation: { subject, message, remedy }, domain }) => ({
        code: "cloudflare-rule",
        domain,
        subject,
        message,
        remedy,
      })),
    notices: judged
      .filter(({ stops }) => !stops)
      .map(({ violation: { message, remedy }, domain }) => ({
        level: "warning",
        domain,
        message: `${message} ${remedy}`,
      })),
  };
}

/** The domain that the subject's name lies in, else the first that lives in the violation's zone. */
function domainOf(
  { subject, zone }: RuleViolation,
  domains: readonly DomainPlanned[],
): DomainPlanned | undefined {
  const host =
    subject
      .replace(/^https?:\/\//, "")
      .replace(/^\*\.?/, "")
      .split("/")[0] ?? "";
  const name = closestZone(
    host,
    domains.map((each) => ({ name: each.domain })),
  )?.name;
  return (
    domains.find(({ domain }) => domain === name) ?? domains.find((each) => each.zone === zone) ?? domains[0]
  );
}
