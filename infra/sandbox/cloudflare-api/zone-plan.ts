import type { ZonePlan } from "../../../src/dns/preload-zone.ts";
import type { StoredZone } from "./stored-state.ts";

/** What a plan allows in a zone. */
export interface PlanLimits {
  /** Records in the zone. */
  readonly records: number;
  readonly commentCharacters: number;
  /** Tags of one record. */
  readonly tags: number;
  /** The lowest TTL beside 1, automatic. */
  readonly minimumTtlSeconds: number;
  /** Changes in one batch. */
  readonly batchChanges: number;
  /** CNAME flattening settings of single records. */
  readonly hasFlattening: boolean;
}

/**
 * Records: developers.cloudflare.com/dns/manage-dns-records (free zones made since 2024-09-01); comments and tags:
 * .../dns/manage-dns-records/reference/record-attributes; batches: .../how-to/batch-record-changes; all verified 2026-11-23.
 */
const FREE: PlanLimits = {
  records: 200,
  commentCharacters: 100,
  tags: 0,
  minimumTtlSeconds: 60,
  batchChanges: 200,
  hasFlattening: false,
};
const PAID: PlanLimits = {
  records: 3_500,
  commentCharacters: 500,
  tags: 20,
  minimumTtlSeconds: 60,
  batchChanges: 3_500,
  hasFlattening: true,
};
const LIMITS: Readonly<Record<ZonePlan, PlanLimits>> = {
  free: FREE,
  pro: PAID,
  business: PAID,
  enterprise: { ...PAID, minimumTtlSeconds: 30 },
};

/** Returns the limits of a zone: its plan's, and its own record quota where it has one. */
export function planLimits(zone: Pick<StoredZone, "plan" | "recordQuota">): PlanLimits {
  const limits = LIMITS[zone.plan ?? "free"];
  return zone.recordQuota === undefined ? limits : { ...limits, records: zone.recordQuota };
}
