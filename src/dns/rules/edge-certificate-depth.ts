import { isWithin } from "../../spec/host-name.ts";
import { recordTarget } from "./record-target.ts";
import { resolveHost } from "./resolve-host.ts";
import type { AuditInput, Rule, RuleViolation } from "./rule.ts";
import { showAfter } from "./show-after.ts";
import { zonesAfter } from "./zones-after.ts";

/**
 * Universal SSL covers the apex and one level below it; a proxied name further down answers every TLS handshake with an
 * alert (browsers: ERR_SSL_VERSION_OR_CIPHER_MISMATCH; the API has no error code for it)
 * (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations, verified 2026-11-23). A Worker custom domain
 * brings a certificate of its own.
 *
 * Our own record fails: the module publishes such names as custom domains, so one that is proxied without is a mistake.
 * The target of our CNAME is only warned about: whether it has an advanced certificate cannot be seen in the zone.
 */
export const edgeCertificateDepth: Rule = {
  name: "edge-certificate-depth",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/",
    "https://developers.cloudflare.com/workers/configuration/routing/custom-domains/",
  ],
  audit: (input) => [...ownNames(input), ...targets(input)],
};

function ownNames(input: AuditInput): readonly RuleViolation[] {
  return zonesAfter(input).flatMap(({ zone, records }) =>
    records
      .filter(({ isOurs, proxied, name }) => isOurs && proxied && !isCovered(input, name, zone.name))
      .map((record) => ({
        rule: edgeCertificateDepth.name,
        severity: "fail" as const,
        zone: zone.name,
        subject: `${record.name}/${record.type}`,
        message: `${record.name} would be proxied ${depthOf(record.name, zone.name)} levels below ${zone.name} (${showAfter(record)}); Universal SSL covers one.`,
        remedy: remedyFor(record.name),
      })),
  );
}

function targets(input: AuditInput): readonly RuleViolation[] {
  return input.planned.flatMap(({ record }): readonly RuleViolation[] => {
    const host = record.type === "CNAME" ? recordTarget(record) : undefined;
    if (host === undefined) return [];
    const answer = resolveHost(input, host);
    const last = answer.aliases.at(-1);
    const name = (last === undefined ? undefined : recordTarget(last.record)) ?? host;
    if (answer.kind !== "found" || answer.record.isOurs || !answer.record.proxied) return [];
    if (isCovered(input, name, answer.zone)) return [];
    return [
      {
        rule: edgeCertificateDepth.name,
        severity: "warn",
        zone: answer.zone,
        subject: `${name}/${answer.record.type}`,
        message: `${record.name} leads to ${name}, which is proxied ${depthOf(name, answer.zone)} levels below ${answer.zone} (${showAfter(answer.record)}); Universal SSL covers one.`,
        remedy: remedyFor(name),
      },
    ];
  });
}

function isCovered(input: AuditInput, name: string, zone: string): boolean {
  if (!isWithin(name, zone) || depthOf(name, zone) <= 1) return true;
  const bound = input.zones.flatMap(({ customDomains }) => customDomains.map(({ hostname }) => hostname));
  const wanted = input.hosts.filter(({ form }) => form === "customDomain").map(({ host }) => host);
  return bound.includes(name) || wanted.includes(name);
}

function depthOf(name: string, zone: string): number {
  return name.split(".").length - zone.split(".").length;
}

function remedyFor(name: string): string {
  return `Make ${name} a Worker custom domain, order an advanced certificate for it, or publish at an origin outside the proxy (publish.origin).`;
}
