import type { Rule, RuleViolation } from "./rule.ts";
import { zonePlanLimits } from "./zone-plan-limits.ts";

/**
 * Cloudflare refuses a comment that is longer than the plan allows (9313: 100 characters on the free plan, 500 on the others)
 * and one with a line break (9314). An ownership comment that was cut would no longer be ours
 * (developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes, verified 2026-11-23).
 */
export const commentLength: Rule = {
  name: "comment-length",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes/",
    "https://github.com/STRRL/cloudflare-tunnel-ingress-controller/issues/168",
  ],
  audit: (input) => {
    const plans = new Map(input.zones.map(({ id, plan }) => [id, plan]));
    return input.planned.flatMap(({ record, zone, comment }): readonly RuleViolation[] => {
      const plan = plans.get(zone.id) ?? "free";
      const limit = zonePlanLimits(plan).commentCharacters;
      const base = {
        rule: commentLength.name,
        severity: "fail",
        zone: zone.name,
        subject: `${record.name}/${record.type}`,
      } as const;
      return [
        ...(comment.length > limit
          ? [
              {
                ...base,
                message: `The comment of ${record.name} has ${comment.length} characters, the ${plan} plan of ${zone.name} allows ${limit}: "${comment}".`,
                remedy: "Shorten the name of the project or the stack.",
              },
            ]
          : []),
        ...(/[\r\n]/.test(comment)
          ? [
              {
                ...base,
                message: `The comment of ${record.name} has a line break: ${JSON.stringify(comment)}.`,
                remedy: "Take the line break out of the name of the project or the stack.",
              },
            ]
          : []),
      ];
    });
  },
};
