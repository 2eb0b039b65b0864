import { closestZone, isWithin } from "../../spec/host-name.ts";
import { recordTarget } from "./record-target.ts";
import { resolveHost } from "./resolve-host.ts";
import type { AuditInput, Rule, RuleViolation } from "./rule.ts";
import { showAfter } from "./show-after.ts";

/** Names below these are always behind Cloudflare: Workers, Pages, and zones that others keep elsewhere (CNAME set-up). */
const CLOUDFLARE_SUFFIXES = ["workers.dev", "pages.dev", "cdn.cloudflare.net"] as const;

/**
 * A CNAME to a host that is proxied in a zone of another account is answered with error 1014, "CNAME Cross-User Banned",
 * to whoever asks for a document; the API accepts it
 * (developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-1014, verified 2026-11-23).
 *
 * What can be known: a target below one of Cloudflare's own suffixes is behind the proxy, but not in which account; a target
 * in an observed zone is proxied or not, but an observed zone does not say its account, since a token may see several. For any
 * other target DNS tells an address, not an account. So this warns, and never fails. A DNS-only alias of ours, as with
 * `publish.origin`, is meant to reach the origin itself: where the target is proxied, its requests pass the edge, which has
 * neither certificate nor zone entry for the alias's name.
 */
export const foreignProxiedAlias: Rule = {
  name: "foreign-proxied-alias",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-1014/",
    "https://developers.cloudflare.com/dns/cname-flattening/",
  ],
  audit: (input) =>
    input.planned.flatMap(({ record, zone }): readonly RuleViolation[] => {
      // Nobody asks a DKIM name for a document; a guessed name leads to the mail host, which another rule looks at.
      if (record.type !== "CNAME" || record.purpose === "dkim" || record.purpose === "guess-name") return [];
      const target = recordTarget(record);
      const found = target === undefined ? undefined : describeTarget(input, target, record.proxied);
      if (found === undefined) return [];
      return [
        {
          rule: foreignProxiedAlias.name,
          severity: "warn",
          zone: zone.name,
          subject: `${record.name}/CNAME`,
          message: `${record.name} leads to ${target ?? ""}, ${found}`,
          remedy: "Publish at a host that is DNS only, or at the Worker.",
        },
      ];
    }),
};

function describeTarget(input: AuditInput, target: string, isProxied: boolean): string | undefined {
  const isVisible =
    closestZone(
      target,
      [...input.visibleZones, ...input.zones.map(({ name }) => name)].map((name) => ({ name })),
    ) !== undefined;
  if (!isVisible) {
    const suffix = CLOUDFLARE_SUFFIXES.find((candidate) => isWithin(target, candidate));
    return suffix === undefined
      ? undefined
      : `which is behind Cloudflare (${suffix}) and in no zone that the token can see: where the account is another one, the answer is error 1014.`;
  }
  const answer = resolveHost(input, target);
  if (isProxied || answer.kind !== "found" || !answer.record.proxied) return undefined;
  return `which is proxied in ${answer.zone} (${showAfter(answer.record)}): requests pass Cloudflare's edge instead of reaching the origin, and end in error 1014 where the zone is another account's.`;
}
