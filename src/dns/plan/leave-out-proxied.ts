import type { ObservedZone } from "../observed-zone.ts";
import type { PlanNotice } from "../planned-record.ts";
import { resolveHost } from "../rules/resolve-host.ts";
import type { SrvRecord, WantedRecord } from "../wanted-record.ts";

/**
 * Leaves out the SRV records of DAV and JMAP whose target is proxied, with the TXT record beside each. Web hosts mostly
 * are, and Cloudflare answers such an SRV record with a name of its own that no certificate covers; the documents name
 * the service all the same.
 */
export function leaveOutProxied(
  domain: string,
  wanted: readonly WantedRecord[],
  zones: readonly ObservedZone[],
  visibleZones: readonly string[],
): { readonly wanted: readonly WantedRecord[]; readonly notices: readonly PlanNotice[] } {
  const world = { zones, visibleZones, planned: [], hosts: [], scriptName: "" };
  const isProxied = (record: WantedRecord): record is SrvRecord => {
    if (record.type !== "SRV" || record.purpose !== "http-srv" || record.target === ".") return false;
    const answer = resolveHost(world, record.target);
    return answer.kind === "found" && answer.record.proxied;
  };
  const left = wanted.filter(isProxied);
  const names = new Set(left.map(({ name }) => name));
  return {
    wanted: wanted.filter(
      (record) => !names.has(record.name) || !["http-srv", "dav-path"].includes(record.purpose),
    ),
    notices: left.map(({ name, target }) => ({
      level: "info",
      domain,
      message: `${name}/SRV is left out: ${target} is proxied, and Cloudflare would answer with a name that no certificate covers.`,
    })),
  };
}
