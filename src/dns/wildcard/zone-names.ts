import { isWithin } from "../../spec/host-name.ts";
import type { ZoneRecord } from "./zone-record.ts";

/** The names of one zone, ready to be asked. */
export interface ZoneNames {
  /** A-labels, lower case, no final dot. Every name asked for lies at or below it. */
  readonly apex: string;
  /** Every name that exists with its records; an empty non-terminal exists without any (RFC 4592 §2.2.2, RFC 8020 §2). */
  readonly nodes: ReadonlyMap<string, readonly ZoneRecord[]>;
}

/**
 * Builds the index in one pass; a question costs one look-up a label. Records outside the zone are left out. The apex
 * always exists.
 */
export function indexZoneNames(apex: string, records: readonly ZoneRecord[]): ZoneNames {
  const nodes = new Map<string, ZoneRecord[]>([[apex, []]]);
  for (const record of records) {
    if (!isWithin(record.name, apex)) continue;
    const known = nodes.get(record.name);
    if (known !== undefined) {
      known.push(record);
      continue;
    }
    nodes.set(record.name, [record]);
    // A name makes those between it and the apex exist: the walk ends at the first that already does.
    for (let name = parentOf(record.name); !nodes.has(name); name = parentOf(name)) nodes.set(name, []);
  }
  return { apex, nodes };
}

/** Returns the longest existing ancestor of a name, which lies below the apex (RFC 4592 §3.3.1). */
export function closestEncloser(zone: ZoneNames, name: string): string {
  let encloser = parentOf(name);
  while (!zone.nodes.has(encloser)) encloser = parentOf(encloser);
  return encloser;
}

/**
 * Returns the wildcard that answers for a name: the asterisk directly below the closest encloser. Undefined where the
 * name exists itself, and where there is no such asterisk: one further up never applies (RFC 4592 §3.3.1), which is how
 * a single record below a name ends the wildcard for that name.
 */
export function sourceOfSynthesis(zone: ZoneNames, name: string): string | undefined {
  if (zone.nodes.has(name)) return undefined;
  const source = `*.${closestEncloser(zone, name)}`;
  return zone.nodes.has(source) ? source : undefined;
}

/**
 * Returns the zone cut at or above a name: the one nearest to the apex, since what is below it is another zone's.
 * NS records at a wildcard make no cut: their meaning is undefined (RFC 4592 §4.2).
 */
export function zoneCutOf(zone: ZoneNames, name: string): string | undefined {
  let cut: string | undefined;
  for (let current = name; current !== zone.apex; current = parentOf(current)) {
    const isCut = zone.nodes.get(current)?.some((record) => record.type === "NS") === true;
    if (isCut && !current.startsWith("*.")) cut = current;
  }
  return cut;
}

/** Returns the name without its first label. */
export function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}
