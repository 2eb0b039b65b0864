import { isWithin } from "../../spec/host-name.ts";
import { sourceOfSynthesis, zoneCutOf, type ZoneNames } from "./zone-names.ts";
import type { ZoneRecord } from "./zone-record.ts";

/** Why a name that exists has no answer of the type. */
export type NoDataReason =
  /** The name has records, of other types. */
  | "other-types"
  /** The name exists only because another one lies below it (RFC 4592 §2.2.2). */
  | "empty-non-terminal"
  /** A wildcard answers for the name, and has no records of the type. */
  | "wildcard-without-type";

/** What the zone says to a question. Records are as stored: those of a wildcard bear its name. */
export type ProbeAnswer =
  /** Records of the type at the name itself, or the CNAME there. */
  | { readonly kind: "explicit"; readonly owner: string; readonly records: readonly ZoneRecord[] }
  /** Synthesised from the wildcard `owner`. */
  | { readonly kind: "wildcard"; readonly owner: string; readonly records: readonly ZoneRecord[] }
  | {
      readonly kind: "nodata";
      readonly owner: string;
      readonly records: readonly [];
      readonly reason: NoDataReason;
    }
  | { readonly kind: "absent"; readonly owner: undefined; readonly records: readonly [] }
  /** The zone of the name is another: the one whose name servers stand at `owner`. */
  | { readonly kind: "delegated"; readonly owner: string; readonly records: readonly ZoneRecord[] };

/** Asked of a proxied name, these are answered with the edge's addresses. */
const ADDRESS_TYPES: readonly string[] = ["A", "AAAA"];
/** Only records of these types can be proxied. */
const PROXIABLE_TYPES: readonly string[] = ["A", "AAAA", "CNAME"];

/**
 * Answers a question as the zone's own name servers would (RFC 1034 §4.3.2, RFC 4592 §3.3).
 *
 * @throws RangeError where the name lies outside the zone: nothing is known of it.
 */
export function answerProbe(zone: ZoneNames, name: string, type: string): ProbeAnswer {
  if (!isWithin(name, zone.apex)) throw new RangeError(`${name} does not lie in the zone ${zone.apex}.`);
  const cut = zoneCutOf(zone, name);
  // The parent answers for DS at the cut itself (RFC 4035 §3.1.4.1).
  if (cut !== undefined && !(type === "DS" && cut === name)) {
    return { kind: "delegated", owner: cut, records: recordsAt(zone, cut, "NS") };
  }
  const own = zone.nodes.get(name);
  const owner = own === undefined ? sourceOfSynthesis(zone, name) : name;
  if (owner === undefined) return { kind: "absent", owner: undefined, records: [] };
  const records = recordsAt(zone, owner, type);
  if (records.length > 0) return { kind: own === undefined ? "wildcard" : "explicit", owner, records };
  return { kind: "nodata", owner, records: [], reason: noDataReason(own) };
}

function noDataReason(own: readonly ZoneRecord[] | undefined): NoDataReason {
  if (own === undefined) return "wildcard-without-type";
  return own.length === 0 ? "empty-non-terminal" : "other-types";
}

/**
 * Returns the records at a node that answer for a type. Two things differ from RFC 1034: a proxied name answers both
 * address types with the edge's addresses, whatever the type of the record that says so, and its CNAME is never shown,
 * so it says nothing to an SRV or TXT question; and a CNAME at the apex is flattened likewise
 * (developers.cloudflare.com/dns/proxy-status, developers.cloudflare.com/dns/cname-flattening, verified 2026-11-23).
 */
function recordsAt(zone: ZoneNames, owner: string, type: string): readonly ZoneRecord[] {
  const node = zone.nodes.get(owner) ?? [];
  const aliases = node.filter((record) => record.type === "CNAME");
  const isHidden = node.some((record) => record.proxied);
  const isAddress = ADDRESS_TYPES.includes(type);
  if (isHidden && PROXIABLE_TYPES.includes(type)) {
    return isAddress ? node.filter((record) => PROXIABLE_TYPES.includes(record.type)) : [];
  }
  const ofType = node.filter((record) => record.type === type);
  if (isHidden) return ofType;
  const isFlattened = owner === zone.apex;
  if (isFlattened && type === "CNAME") return [];
  if (ofType.length > 0) return ofType;
  return isFlattened && !isAddress ? [] : aliases;
}
