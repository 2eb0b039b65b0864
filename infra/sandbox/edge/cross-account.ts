import { closestZone } from "../../../src/spec/host-name.ts";
import { findAddressRecords } from "./address-records.ts";
import type { EdgeWorld, EdgeZone } from "./edge-world.ts";

const CNAME_LIMIT = 8;

/**
 * Says whether the aliases of `host` end at a proxied name of another account: error 1014, whether the alias itself is
 * proxied or not, since either way the request reaches Cloudflare (developers.cloudflare.com/support/troubleshooting/
 * http-status-codes/cloudflare-1xxx-errors/error-1014, verified 2026-11-23). A target there that is DNS-only is an origin
 * like any other. Cloudflare for SaaS, which allows it, is not in this world.
 */
export function leadsToOtherAccount(world: EdgeWorld, start: EdgeZone, host: string): boolean {
  let name = host;
  for (let depth = 0; depth < CNAME_LIMIT; depth += 1) {
    const zone = closestZone(name, world.zones());
    if (zone === undefined) return false;
    const records = findAddressRecords(world.records(zone.id), name);
    const isOther = (zone.isForeign ?? false) !== (start.isForeign ?? false);
    if (isOther && records.some(({ proxied }) => proxied)) return true;
    const alias = records.find(({ type }) => type === "CNAME");
    if (alias === undefined) return false;
    name = alias.content.toLowerCase().replace(/\.$/, "");
  }
  return false;
}
