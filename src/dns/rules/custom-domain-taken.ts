import type { ObservedRecord, ObservedZone } from "../observed-zone.ts";
import { isAddressType } from "./record-target.ts";
import type { AuditInput, Rule, RuleViolation } from "./rule.ts";
import { showAfter } from "./show-after.ts";
import { goneIds } from "./zone-after.ts";

/**
 * A Worker custom domain has its host alone. Cloudflare refuses to bind one that another Worker has (100116) or at which an
 * address or alias stands that no custom domain made (100117), and to put such a record at a bound host (81062); the first
 * two are repeated by the provider for minutes before it says so
 * (developers.cloudflare.com/workers/configuration/routing/custom-domains, verified 2026-11-23).
 */
export const customDomainTaken: Rule = {
  name: "custom-domain-taken",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/workers/configuration/routing/custom-domains/",
    "https://github.com/alchemy-run/alchemy-async/issues/1384",
    "https://github.com/vm0-ai/vm0/issues/33406",
    "https://github.com/jezweb/vite-flare-starter/issues/54",
  ],
  audit: (input) =>
    input.zones.flatMap((zone) => {
      const hosts = input.hosts.filter((host) => host.zone === zone.name);
      const wanted = new Set(hosts.filter(({ form }) => form === "customDomain").map(({ host }) => host));
      const others = new Set([
        ...hosts.map(({ host }) => host),
        ...input.planned
          .filter(({ record, zone: { id } }) => id === zone.id && isAddressType(record.type))
          .map(({ record }) => record.name),
      ]);
      return [
        ...[...wanted].flatMap((host) => auditBinding(input, zone, host)),
        ...[...others].filter((host) => !wanted.has(host)).flatMap((host) => auditRecord(zone, host)),
      ];
    }),
};

/** A custom domain of ours is to be bound to the host. */
function auditBinding(input: AuditInput, zone: ObservedZone, host: string): readonly RuleViolation[] {
  const bound = zone.customDomains.find(({ hostname }) => hostname === host);
  if (bound !== undefined) {
    if (bound.service === input.scriptName) return [];
    return [
      violation(
        zone,
        host,
        `${host} is a custom domain of the Worker ${bound.service}, and is needed for the mail documents.`,
        `Remove the custom domain from the Worker ${bound.service}.`,
      ),
    ];
  }
  const standing = standingAt(input, zone, host);
  if (standing.length === 0) return [];
  return [
    violation(
      zone,
      host,
      `${host} is to be a Worker custom domain, but has records that no custom domain made: ${standing.join("; ")}.`,
      "Delete the records first: the custom domain brings its own.",
    ),
  ];
}

/** This stack's own former records count, too: they are deleted only after the custom domain was refused. */
function standingAt(input: AuditInput, zone: ObservedZone, host: string): readonly string[] {
  const gone = goneIds(zone, input.planned);
  const observed = zone.records.filter(
    ({ name, type, id }) => name === host && isAddressType(type) && !gone.has(id),
  );
  const planned = input.planned.filter(
    ({ record, zone: { id } }) => id === zone.id && record.name === host && isAddressType(record.type),
  );
  return [
    ...observed.map((record: ObservedRecord) => showAfter(record)),
    ...planned
      .filter(({ action }) => action !== "keep")
      .map(({ record }) => ("content" in record ? `planned ${record.type} ${record.content}` : record.name)),
  ];
}

/** A record of ours is to stand at the host. */
function auditRecord(zone: ObservedZone, host: string): readonly RuleViolation[] {
  const bound = zone.customDomains.find(({ hostname }) => hostname === host);
  if (bound === undefined) return [];
  return [
    violation(
      zone,
      host,
      `${host} is a custom domain of the Worker ${bound.service}, beside which no other record can stand.`,
      `Remove the custom domain from the Worker ${bound.service}.`,
    ),
  ];
}

function violation(zone: ObservedZone, host: string, message: string, remedy: string): RuleViolation {
  return { rule: customDomainTaken.name, severity: "fail", zone: zone.name, subject: host, message, remedy };
}
