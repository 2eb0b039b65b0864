import { ownershipHash } from "./ownership.ts";
import type { ObservedZone } from "./observed-zone.ts";

/** Returns a zone that holds nothing, for a plan against no zone in particular. */
export function emptyZone(name: string): ObservedZone {
  return {
    id: zoneIdOf(name),
    name,
    plan: "free",
    records: [],
    recordQuota: undefined,
    routes: [],
    customDomains: [],
  };
}

/** Returns an id for a zone that Cloudflare has given none: the same for the same name. */
export function zoneIdOf(name: string): string {
  return `zone-${ownershipHash(name)}`;
}
