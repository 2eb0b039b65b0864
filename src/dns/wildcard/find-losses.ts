import { DISCOVERY_LABELS } from "../../spec/discovery-labels.ts";
import { followAlias } from "./follow-alias.ts";
import type { RecordAnswer, WildcardLoss } from "./wildcard-report.ts";
import { parentOf, sourceOfSynthesis, type ZoneNames } from "./zone-names.ts";
import type { ZoneRecord } from "./zone-record.ts";

export interface FindLossesInput {
  readonly before: ZoneNames;
  readonly after: ZoneNames;
  /** Names that may lose the wildcard. */
  readonly accept: readonly string[];
  readonly isTransient: boolean;
  /** Names of the records whose doing is asked for. Default: every record that is new. */
  readonly own?: readonly string[] | undefined;
}

const ADDRESS_TYPES: readonly string[] = ["A", "AAAA"];
/** Types asked for at names with an underscore (RFC 8552), beside TXT. */
const SERVICE_TYPES: readonly string[] = ["SRV", "TLSA", "URI"];
/** The version may be left out of a key record (RFC 6376 §3.6.1); another one's, `v=DMARC1; p=reject`, makes it none. */
const DKIM_KEY = /^"?\s*(v=DKIM1\b|(?!v=).*\bp=)/i;

/**
 * Returns every name, probed or not, that a wildcard answered before and that exists afterwards: each name of a new
 * record, and each name above it that comes into being with it as an empty non-terminal.
 */
export function findLosses(input: FindLossesInput): readonly WildcardLoss[] {
  return [...newNames(input)]
    .map(([name, because]) => lossAt(name, because, input))
    .filter((loss) => loss !== undefined)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns the names that exist only afterwards, each with the record that brings it: its own, or one below it. */
function newNames({ before, after, own }: FindLossesInput): ReadonlyMap<string, string> {
  const because = new Map<string, string>();
  for (const owner of own ?? after.nodes.keys()) {
    if ((after.nodes.get(owner) ?? []).length === 0 || before.nodes.has(owner)) continue;
    because.set(owner, owner);
    for (let name = parentOf(owner); !before.nodes.has(name) && !because.has(name); name = parentOf(name)) {
      because.set(name, owner);
    }
  }
  return because;
}

function lossAt(name: string, because: string, input: FindLossesInput): WildcardLoss | undefined {
  const { before, after } = input;
  const owner = sourceOfSynthesis(before, name);
  if (owner === undefined) return undefined;
  // Nothing but mail discovery bears these labels: to take them from the wildcard is the purpose.
  if (DISCOVERY_LABELS.some((label) => name.startsWith(`${label}.`))) return undefined;
  const types = [...new Set([...ADDRESS_TYPES, "MX", "TXT", ...SERVICE_TYPES, ...typesAt(before, owner)])];
  const gone = types.filter(
    (type) => answers(before, name, type).length > 0 && !isAnswered(after, name, type),
  );
  const lost = gone.flatMap((type) => answers(before, name, type));
  const weight = weightOf(name, lost, after);
  if (lost.length === 0 || weight === undefined) return undefined;
  return {
    name,
    because,
    owner,
    lost: uniqueAnswers(lost),
    isTransient: input.isTransient,
    weight,
    accepted: input.accept.includes(name),
  };
}

/**
 * A name with an underscore is asked for one kind of record only, and an address that a wildcard gave to `_tcp` was asked
 * for by nobody: at a record of ours nothing is lost, at a new empty non-terminal (`_tcp`, `_tls`, `_domainkey`) it is in
 * form only. Two exceptions are real and silent. A wildcard with SRV, TLSA or URI answered for every other service below
 * `_tcp`: one of them may be in use (a SIP federation, DANE), and its clients would find NXDOMAIN. And a wildcard TXT
 * that holds a DKIM key answered for every selector below `_domainkey`: mail signed with one that has no record of its
 * own could not be verified any more. Both need a record of their own, or the operator's word that nobody uses them.
 *
 * A name at which our record gives addresses was chosen for that; what else the wildcard said there is worth a warning.
 */
function weightOf(
  name: string,
  lost: readonly ZoneRecord[],
  after: ZoneNames,
): WildcardLoss["weight"] | undefined {
  const isOwn = (after.nodes.get(name) ?? []).length > 0;
  const labels = name.split(".");
  if (labels.some((label) => label.startsWith("_"))) {
    if (isOwn) return undefined;
    const isService = lost.some(({ type }) => SERVICE_TYPES.includes(type));
    const isKey =
      labels[0] === "_domainkey" &&
      lost.some(({ type, content }) => type === "TXT" && DKIM_KEY.test(content));
    return isService || isKey ? "problem" : "note";
  }
  return isOwn && isAnswered(after, name, "A") ? "warning" : "problem";
}

/** Both address types count as one: a mail host without IPv6 has not lost the IPv6 address of the wildcard's web server. */
function isAnswered(zone: ZoneNames, name: string, type: string): boolean {
  const asked = ADDRESS_TYPES.includes(type) ? ADDRESS_TYPES : [type];
  return asked.some((one) => answers(zone, name, one).length > 0);
}

/** Returns the records on the way to an answer; a CNAME that leaves the zone counts as the alias of a host. */
function answers(zone: ZoneNames, name: string, type: string): readonly ZoneRecord[] {
  const { steps, isLoop } = followAlias(zone, name, type);
  const last = steps.at(-1)?.answer;
  if (last === undefined || isLoop || last.kind === "delegated") return [];
  const isFound = ADDRESS_TYPES.includes(type)
    ? last.records.length > 0
    : last.records.some((record) => record.type === type);
  return isFound ? steps.flatMap(({ answer }) => answer.records) : [];
}

function typesAt(zone: ZoneNames, owner: string): readonly string[] {
  return (zone.nodes.get(owner) ?? []).map(({ type }) => type).filter((type) => type !== "CNAME");
}

/** Returns what records answer, each once. */
export function uniqueAnswers(records: readonly ZoneRecord[]): readonly RecordAnswer[] {
  const unique = new Map(
    records.map(({ type, content, proxied }) => [`${type} ${content}`, { type, content, proxied }]),
  );
  return [...unique.values()];
}
