import { plannedTargets } from "./record-target.ts";
import { resolveHost } from "./resolve-host.ts";
import type { Rule, RuleViolation } from "./rule.ts";
import { showUsers } from "./show-after.ts";

/**
 * A target in a zone that was read, at which no address stands after the change, cannot be reached. Cloudflare refuses
 * nothing (no error code), and somebody may add the record a minute later, hence only a warning. Of a target outside the
 * observed zones nothing is said (developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types: SRV and MX
 * targets are hosts with addresses; verified 2026-11-23).
 */
export const targetAbsent: Rule = {
  name: "target-absent",
  verified: "2026-11-23",
  sources: ["https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/"],
  audit: (input) =>
    plannedTargets(input.planned, ["autodiscover-srv", "mail-srv", "http-srv", "mx"]).flatMap(
      ({ host, users }): readonly RuleViolation[] => {
        const answer = resolveHost(input, host);
        if (answer.kind !== "absent") return [];
        const way = answer.name === host ? "" : ` by its alias ${answer.name}`;
        return [
          {
            rule: targetAbsent.name,
            severity: "warn",
            zone: answer.zone,
            subject: host,
            message: `${host} is the target of ${showUsers(users)}, but would have no address${way} in the zone ${answer.zone}.`,
            remedy: `Give ${host} an address there, or name another host in the domain file.`,
          },
        ];
      },
    ),
};
