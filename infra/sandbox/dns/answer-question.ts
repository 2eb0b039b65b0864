/**
 * What one zone says to one question: the algorithm of RFC 1034 §4.3.2 step 3 with the wildcards of RFC 4592, and nothing
 * about packets, proxies or other zones.
 */
import { aliasTarget, type ResourceRecord } from "./resource-record.ts";
import { parentOf, type ZoneNode, type ZoneView } from "./zone-view.ts";

export type ZoneAnswer =
  | { readonly kind: "answer"; readonly records: readonly ResourceRecord[] }
  /** The name is an alias: go on with `target`. */
  | { readonly kind: "alias"; readonly record: ResourceRecord; readonly target: string }
  /** Other servers know, those of `records` (NS). */
  | { readonly kind: "delegation"; readonly records: readonly ResourceRecord[] }
  /** The name exists, without records of this type. */
  | { readonly kind: "nodata" }
  | { readonly kind: "nxdomain" };

/** Answers `type` at `name` (lower case, no trailing dot, at or below the apex). */
export function answerQuestion(view: ZoneView, name: string, type: string): ZoneAnswer {
  const cut = findCut(view, name);
  // The parent answers for DS at the cut itself (RFC 4035 §3.1.4.1).
  if (cut !== undefined && !(type === "DS" && cut.owner === name)) {
    return { kind: "delegation", records: cut.records };
  }
  const found = findNode(view, name);
  if (found === undefined) return { kind: "nxdomain" };
  const synthesise = (record: ResourceRecord): ResourceRecord => ({ ...record, owner: name });
  const records = found.node.get(type);
  if (records !== undefined) return { kind: "answer", records: records.map(synthesise) };
  const alias = found.node.get("CNAME")?.[0];
  if (alias !== undefined) {
    return { kind: "alias", record: synthesise(alias), target: aliasTarget(alias) };
  }
  return { kind: "nodata" };
}

export interface FoundNode {
  /** The name in the zone that the node stands at: the name asked for, or a wildcard. */
  readonly owner: string;
  readonly node: ZoneNode;
}

/**
 * Returns the node that answers for `name`: its own, or else the source of synthesis, the asterisk directly below the closest
 * encloser (RFC 4592 §3.3.1). A wildcard further up never applies: that is how one record below a name ends it.
 */
export function findNode(view: ZoneView, name: string): FoundNode | undefined {
  const own = view.nodes.get(name);
  if (own !== undefined) return { owner: name, node: own };
  const owner = `*.${closestEncloser(view, name)}`;
  const node = view.nodes.get(owner);
  return node === undefined ? undefined : { owner, node };
}

function closestEncloser(view: ZoneView, name: string): string {
  let encloser = parentOf(name);
  while (!view.nodes.has(encloser)) encloser = parentOf(encloser);
  return encloser;
}

/** Finds the delegation nearest to the apex on the way down to `name`. */
function findCut(
  view: ZoneView,
  name: string,
): { readonly owner: string; readonly records: readonly ResourceRecord[] } | undefined {
  const path: string[] = [];
  for (let current = name; current !== view.apex; current = parentOf(current)) path.unshift(current);
  for (const owner of path) {
    const records = view.nodes.get(owner)?.get("NS");
    if (records !== undefined && !owner.startsWith("*.")) return { owner, records };
  }
  return undefined;
}
