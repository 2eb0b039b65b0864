import type { ObservedRecord, ObservedZone } from "../observed-zone.ts";
import { ownerOf, ownershipHash, parseOwnership, type StackIdentity } from "../ownership.ts";
import type { WantedRecord } from "../wanted-record.ts";
import { formerProviderOf } from "./leftovers.ts";
import { observedRdata, wantedRdata } from "./rdata.ts";
import { isRival } from "./rivals.ts";

/**
 * What became of a wanted record: `match` it stands in the zone, whoever made it; `missing`; `conflict` something else is
 * in its way; `stale` what is in its way is a former provider's; `unknown` nobody could look.
 */
export type ComparisonState = "match" | "missing" | "conflict" | "stale" | "unknown";

/**
 * Whose a record is: this stack's, adopted by it, this stack's by its comment but not known to its state, another
 * stack's or key's, or somebody else's.
 */
export type Holder = "ours" | "adopted" | "orphan" | "other-stack" | "others";

/** The records in the state of the stack, by logical name. */
export type DeployedRecords = ReadonlyMap<string, DeployedRecord>;

export interface DeployedRecord {
  readonly id: string;
  readonly comment: string | undefined;
  /** What the last run gave it, in the form of `observedRdata`; undefined where the state does not tell. */
  readonly rdata?: string | undefined;
}

/** A wanted record and what the zone holds in its place. */
export interface RecordComparison {
  readonly record: WantedRecord;
  readonly state: ComparisonState;
  /** Holder of `match`, or of the first record in the way; undefined where there is neither. */
  readonly holder: Holder | undefined;
  /** The record that means the same, or bears our comment for this one. */
  readonly match: ObservedRecord | undefined;
  /** True where `match` is ours by its comment, but does not say what is wanted. */
  readonly hasDrifted: boolean;
  /** True where it does not say either what the last run gave it: it was not the file that changed. */
  readonly isChangedOutside: boolean;
  /** What else stands at the name and cannot stand beside the wanted record. */
  readonly inTheWay: readonly ObservedRecord[];
  /** Records of this stack that go with this deployment, but only after the new one should have been made. */
  readonly leaving: readonly ObservedRecord[];
  /** The former provider whose leftovers are in the way; undefined in any other state than `stale`. */
  readonly leftoverOf: string | undefined;
  /** Why nobody could look; only in the state `unknown`. */
  readonly reason: string | undefined;
}

export interface CompareOptions {
  readonly identity: StackIdentity;
  /** The domain's preset: a provider that it names is no former one. */
  readonly preset?: string | undefined;
  /** What the state holds; undefined where it is not known, and comments alone tell. */
  readonly deployed?: DeployedRecords | undefined;
}

/** A zone, or why it could not be read. */
export type Observation = ObservedZone | { readonly unknown: string };

/** Compares wanted records with the zone that holds them, in the order of the wanted ones, by meaning (RFC 4343). */
export function compareRecords(
  wanted: readonly WantedRecord[],
  observation: Observation,
  options: CompareOptions,
): readonly RecordComparison[] {
  if ("unknown" in observation) {
    return wanted.map((record) => ({ ...NOTHING, record, state: "unknown", reason: observation.unknown }));
  }
  const byName = Map.groupBy(observation.records, ({ name }) => name);
  return wanted.map((record) => compareRecord(record, byName.get(record.name) ?? [], options));
}

const NOTHING = {
  holder: undefined,
  match: undefined,
  hasDrifted: false,
  isChangedOutside: false,
  inTheWay: [],
  leaving: [],
  leftoverOf: undefined,
  reason: undefined,
} as const;

function compareRecord(
  record: WantedRecord,
  atName: readonly ObservedRecord[],
  { identity, preset = "none", deployed }: CompareOptions,
): RecordComparison {
  const holderOf = (observed: ObservedRecord): Holder => holder(observed, record, identity, deployed);
  const rdata = wantedRdata(record);
  const isSame = (observed: ObservedRecord): boolean =>
    observed.type === record.type && rdata !== undefined && observedRdata(observed) === rdata;
  const own = atName.filter((observed) => ["ours", "adopted"].includes(holderOf(observed)));
  const orphan = atName.find((observed) => holderOf(observed) === "orphan");
  const match = own.find(isSame) ?? own[0] ?? orphan ?? atName.find(isSame);
  const rivals = atName.filter(
    (observed) => !own.includes(observed) && observed !== match && isRival(record, observed),
  );
  // A record of this stack under another key is wanted by name, or goes with this very deployment.
  const [siblings, inTheWay] = partition(
    rivals,
    ({ comment }) => parseOwnership(comment)?.owner === ownerOf(identity),
  );
  const leaving =
    own.length > 0 ? [] : siblings.filter(({ type }) => (type === "CNAME") !== (record.type === "CNAME"));
  if (match !== undefined) {
    const of = holderOf(match);
    const hasDrifted = (of === "ours" || of === "adopted") && rdata !== undefined && !isSame(match);
    const given = stateOf(record, match, deployed)?.rdata;
    return {
      ...NOTHING,
      record,
      // Another stack would take it away again.
      state: of === "other-stack" || of === "orphan" ? "conflict" : "match",
      holder: of,
      match,
      hasDrifted,
      isChangedOutside: hasDrifted && (given === undefined || given !== observedRdata(match)),
      inTheWay,
      leaving,
    };
  }
  const [first] = inTheWay;
  if (first === undefined) return { ...NOTHING, record, state: "missing", leaving };
  const providers = inTheWay.map((observed) => formerProviderOf(observed, preset));
  const isStale = providers.every((provider) => provider !== undefined);
  return {
    ...NOTHING,
    record,
    state: isStale ? "stale" : "conflict",
    holder: holderOf(first),
    inTheWay,
    leaving,
    leftoverOf: isStale ? providers[0] : undefined,
  };
}

function namesOf(record: WantedRecord): readonly string[] {
  return [record.logicalName, ...record.formerLogicalNames];
}

/** What the state holds of this very record. */
function stateOf(
  record: WantedRecord,
  observed: ObservedRecord,
  deployed: DeployedRecords | undefined,
): DeployedRecord | undefined {
  return namesOf(record)
    .map((name) => deployed?.get(name))
    .find((entry) => entry?.id === observed.id);
}

function holder(
  observed: ObservedRecord,
  record: WantedRecord,
  identity: StackIdentity,
  deployed: DeployedRecords | undefined,
): Holder {
  const names = namesOf(record);
  const known = stateOf(record, observed, deployed);
  // The state knows better than a comment that somebody took away: an import would delete the live record.
  const ownership = parseOwnership(observed.comment) ?? parseOwnership(known?.comment);
  if (ownership === undefined) return known === undefined ? "others" : "ours";
  const isOurs = ownership.owner === ownerOf(identity) && names.map(ownershipHash).includes(ownership.hash);
  if (!isOurs && known === undefined) return "other-stack";
  if (deployed !== undefined && known === undefined) return "orphan";
  return ownership.isAdopted ? "adopted" : "ours";
}

function partition<T>(
  items: readonly T[],
  test: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
