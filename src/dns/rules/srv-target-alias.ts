import { plannedTargets } from "./record-target.ts";
import { resolveHost } from "./resolve-host.ts";
import type { Rule, RuleViolation } from "./rule.ts";
import { showAfter, showUsers } from "./show-after.ts";

/**
 * The target of an SRV or MX record must have addresses of its own: an alias there is forbidden (RFC 2782 "Target", RFC
 * 2181 §10.3), and some senders and clients do not follow it. Cloudflare refuses nothing (no error code). A proxied CNAME
 * and one at the apex are shown as addresses, so they are no alias to anybody
 * (developers.cloudflare.com/dns/cname-flattening, verified 2026-11-23).
 */
export const srvTargetAlias: Rule = {
  name: "srv-target-alias",
  verified: "2026-11-23",
  sources: [
    "https://www.rfc-editor.org/rfc/rfc2782",
    "https://www.rfc-editor.org/rfc/rfc2181#section-10.3",
    "https://developers.cloudflare.com/dns/cname-flattening/",
  ],
  audit: (input) =>
    plannedTargets(input.planned, ["autodiscover-srv", "mail-srv", "http-srv", "mx"]).flatMap(
      ({ host, users }): readonly RuleViolation[] => {
        const [alias] = resolveHost(input, host).aliases;
        if (alias === undefined || alias.name === alias.zone) return [];
        return [
          {
            rule: srvTargetAlias.name,
            severity: "fail",
            zone: alias.zone,
            subject: `${host}/CNAME`,
            message: `${host} is the target of ${showUsers(users)} and would be an alias: ${showAfter(alias.record)}.`,
            remedy: `Name ${alias.record.content} itself in the domain file, or give ${host} addresses in the alias's place.`,
          },
        ];
      },
    ),
};
