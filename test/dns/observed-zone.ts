import type { ObservedRecord, ObservedZone } from "../../src/dns/observed-zone.ts";

/** A record as the API gives it; ids count up so that messages are the same at each run. */
export function observedRecord(
  record: Partial<ObservedRecord> & Pick<ObservedRecord, "type" | "name">,
): ObservedRecord {
  return { id: `id-of-${record.name}-${record.type}`, content: "", ttl: 1, proxied: false, ...record };
}

/** A zone on the free plan with nothing but the given records. */
export function observedZone(
  records: readonly ObservedRecord[],
  zone: Partial<ObservedZone> = {},
): ObservedZone {
  return {
    id: "zone",
    name: "example.com",
    plan: "free",
    recordQuota: undefined,
    routes: [],
    customDomains: [],
    ...zone,
    records,
  };
}
