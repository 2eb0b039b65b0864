import type { ResourceRecord } from "./resource-record.ts";

/** The RRsets of one name, by type. */
export type ZoneNode = ReadonlyMap<string, readonly ResourceRecord[]>;

/** A zone ready to answer from. */
export interface ZoneView {
  readonly apex: string;
  /** Goes into the authority section of negative answers (RFC 2308 §3). */
  readonly soa: ResourceRecord;
  /** Every name that exists, the empty non-terminals too, with no RRsets (RFC 4592 §2.2.2). */
  readonly nodes: ReadonlyMap<string, ZoneNode>;
}

/** Builds the view of a zone. `records` and `otherNames`, which exist without RRsets, lie at or below `apex`. */
export function buildZoneView(
  apex: string,
  soa: ResourceRecord,
  records: readonly ResourceRecord[],
  otherNames: readonly string[] = [],
): ZoneView {
  const nodes = new Map<string, Map<string, ResourceRecord[]>>();
  const nodeOf = (name: string): Map<string, ResourceRecord[]> => {
    const known = nodes.get(name);
    if (known !== undefined) return known;
    const node = new Map<string, ResourceRecord[]>();
    nodes.set(name, node);
    // A name makes all names between it and the apex exist.
    if (name !== apex) nodeOf(parentOf(name));
    return node;
  };
  for (const record of [soa, ...records]) {
    const node = nodeOf(record.owner);
    node.set(record.type, [...(node.get(record.type) ?? []), record]);
  }
  for (const name of otherNames) nodeOf(name);
  return { apex, soa, nodes };
}

/** Returns the name without its first label; the root's is empty. */
export function parentOf(name: string): string {
  const dot = name.indexOf(".");
  return dot === -1 ? "" : name.slice(dot + 1);
}
