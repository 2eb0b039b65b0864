import { getDomain } from "tldts";
import type { World } from "../clients/world/world.ts";

/**
 * Returns the zone that holds a name: the nearest one with name servers, not above the registrable domain. Undefined where none
 * is found, or could be asked for.
 */
export async function findZone(name: string, resolve: World["resolve"]): Promise<string | undefined> {
  const top = getDomain(name) ?? name;
  for (let zone = name; zone.length >= top.length; zone = zone.slice(zone.indexOf(".") + 1)) {
    const answer = await resolve(zone, "NS");
    // What an alias leads to is another zone's.
    if (answer.state === "found" && (answer.aliases ?? []).length === 0) return zone;
    if (answer.state === "unknown" || !zone.includes(".")) return undefined;
  }
  return undefined;
}
