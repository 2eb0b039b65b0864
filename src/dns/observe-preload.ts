import { canonicalName } from "./comparison/canonical-name.ts";
import { emptyZone } from "./empty-zone.ts";
import type { ObservedRecord, ObservedZone } from "./observed-zone.ts";
import type { PreloadRecord, PreloadZone } from "./preload-zone.ts";
import { isWithin } from "../spec/host-name.ts";

/** Returns a described zone as if it had been read; ids count its records. */
export function observePreload(preload: PreloadZone): ObservedZone {
  const zone = emptyZone(canonicalName(preload.zone));
  return {
    ...zone,
    plan: preload.plan ?? zone.plan,
    recordQuota: preload.recordQuota,
    records: preload.records.map((record, index) => observed(record, zone.name, `record-${index + 1}`)),
    routes: (preload.routes ?? []).map(({ pattern, script }, index) => {
      return { id: `route-${index + 1}`, pattern, script };
    }),
    customDomains: (preload.customDomains ?? []).map(({ hostname, service }) => {
      return { hostname: canonicalName(hostname), service };
    }),
  };
}

function observed(record: PreloadRecord, zone: string, id: string): ObservedRecord {
  const { data } = record;
  return {
    id,
    type: record.type.toUpperCase(),
    name: fullName(record.name, zone),
    content: record.content ?? contentOf(data),
    ttl: record.ttl ?? 1,
    proxied: record.proxied === true,
    priority: record.priority,
    data,
    comment: record.comment,
  };
}

/** `@` is the apex, and a name that does not end in the zone is relative to it, as in the API. */
function fullName(written: string, zone: string): string {
  if (written === "@") return zone;
  const name = canonicalName(written);
  return isWithin(name, zone) ? name : `${name}.${zone}`;
}

/** The text form of the API, made of the components: SRV as `weight port target`. */
function contentOf(data: PreloadRecord["data"] = {}): string {
  const { priority: _, weight, port, target, ...others } = data;
  return [...Object.values(others), weight, port, target].filter((field) => field !== undefined).join(" ");
}
