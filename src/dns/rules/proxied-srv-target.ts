import { plannedTargets } from "./record-target.ts";
import { resolveHost } from "./resolve-host.ts";
import type { Rule, RuleViolation } from "./rule.ts";
import { showAfter, showUsers } from "./show-after.ts";

/**
 * An SRV record whose target is proxied is answered with a `dc-...` name and the origin's address, also where the service
 * is HTTPS: the certificate there bears another name, and behind an originless `100::` nobody answers. Nothing is refused
 * (no error code; developers.cloudflare.com/dns/troubleshooting/email-issues, verified 2026-11-23).
 */
export const proxiedSrvTarget: Rule = {
  name: "proxied-srv-target",
  verified: "2026-11-23",
  sources: ["https://developers.cloudflare.com/dns/troubleshooting/email-issues/"],
  audit: (input) =>
    plannedTargets(input.planned, ["autodiscover-srv", "http-srv"]).flatMap(
      ({ host, users }): readonly RuleViolation[] => {
        const answer = resolveHost(input, host);
        if (answer.kind !== "found" || !answer.record.proxied) return [];
        const { record, zone } = answer;
        const place = record.name === host ? "" : ` at ${record.name}`;
        return [
          {
            rule: proxiedSrvTarget.name,
            severity: "fail",
            zone,
            subject: `${host}/${record.type}`,
            message: `${host} is the target of ${showUsers(users)} and would be proxied${place}: ${showAfter(record)}. Cloudflare answers such an SRV record with a dc- name and the origin's address.`,
            remedy: `Point the service at a DNS-only host, or set ${record.name} to DNS only.`,
          },
        ];
      },
    ),
};
