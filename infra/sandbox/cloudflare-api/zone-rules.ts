import type { ZoneRules } from "./record-input.ts";
import type { StoredState, StoredZone } from "./stored-state.ts";
import { planLimits } from "./zone-plan.ts";

/** Returns what the records of a zone are checked against. */
export function zoneRules({ zones }: Pick<StoredState, "zones">, zone: StoredZone): ZoneRules {
  const otherZones = zones
    .filter(({ name, account }) => name !== zone.name && account === zone.account)
    .map(({ name }) => name);
  return { zoneName: zone.name, otherZones, limits: planLimits(zone) };
}
