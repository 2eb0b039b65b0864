import type { ObservedZone } from "../observed-zone.ts";
import { isAddressType } from "./record-target.ts";
import type { AuditInput, Rule, RuleViolation } from "./rule.ts";
import { goneIds } from "./zone-after.ts";
import { zonePlanLimits } from "./zone-plan-limits.ts";
import { zonesAfter, type ZoneAfter } from "./zones-after.ts";

/** Share of the quota from which on a person should know: the next domains would not fit. */
const NEARLY_FULL = 0.9;

/**
 * A zone holds only so many records: 200 on the free plan (zones made since 2024-09-01), 3,500 on the others, or the zone's
 * own quota; the one too many is refused with 81045 (developers.cloudflare.com/dns/manage-dns-records, verified
 * 2026-11-23). New records are made before this stack's former ones are deleted, so both have to fit for a moment. A zone
 * over its quota in which nothing is made is only warned about: nothing would be refused.
 */
export const recordQuota: Rule = {
  name: "record-quota",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/dns/manage-dns-records/",
    "https://github.com/js-org/js.org/issues/2873",
  ],
  audit: (input) => zonesAfter(input).flatMap((zone) => auditZone(input, zone)),
};

function auditZone(input: AuditInput, after: ZoneAfter): readonly RuleViolation[] {
  const { zone } = after;
  const isUsed = after.records.some(({ isOurs }) => isOurs);
  if (!isUsed) return [];
  const limit = zone.recordQuota ?? zonePlanLimits(zone.plan).records;
  const created = createdIn(input, zone);
  const displaced = displacedIn(input, zone);
  const peak = zone.records.length - displaced + created;
  const base = { rule: recordQuota.name, zone: zone.name, subject: zone.name } as const;
  const remedy = "Remove records that are no longer used, or upgrade the zone's plan.";
  if (created > 0 && peak > limit) {
    return [
      {
        ...base,
        severity: "fail",
        message: `${zone.name} would hold ${peak} records while ${created} are made, and ${after.records.length} after it; its quota is ${limit} (plan ${zone.plan}).`,
        remedy,
      },
    ];
  }
  if (after.records.length < NEARLY_FULL * limit) return [];
  return [
    {
      ...base,
      severity: "warn",
      message: `${zone.name} will hold ${after.records.length} of ${limit} records (plan ${zone.plan}).`,
      remedy,
    },
  ];
}

function createdIn(input: AuditInput, zone: ObservedZone): number {
  const records = input.planned.filter(
    (one) => one.zone.id === zone.id && one.action !== "keep" && one.importId === undefined,
  );
  const standing = new Set(zone.records.filter(({ type }) => isAddressType(type)).map(({ name }) => name));
  const customDomains = input.hosts.filter(
    ({ host, form, zone: name }) => form === "customDomain" && name === zone.name && !standing.has(host),
  );
  return records.length + customDomains.length;
}

/** Displaced records are deleted first; imported ones stay in place. */
function displacedIn(input: AuditInput, zone: ObservedZone): number {
  const imported = new Set(input.planned.map(({ importId }) => importId));
  const gone = goneIds(zone, input.planned);
  return zone.records.filter(({ id }) => gone.has(id) && !imported.has(`${zone.id}/${id}`)).length;
}
