import type { ObservedRecord } from "../observed-zone.ts";
import { ownerOf, ownershipHash, parseOwnership, type StackIdentity } from "../ownership.ts";
import { paccName, paccRecord } from "../pacc-record.ts";
import { parseTxt } from "../txt-text.ts";
import type { TxtRecord, WantedRecord } from "../wanted-record.ts";

/**
 * Returns the wanted records with one former digest of the PACC document that this stack has in the zone: that of the
 * document that was published last, else the newest.
 *
 * A document may be kept for an hour after it changed, and a Worker's KV takes a minute to follow: until the next change
 * both digests stand, so that either document is vouched for and nothing has to wait (draft-ietf-mailmaint-pacc: any
 * matching digest is enough). Nothing is kept where there is no document any more. What a document goes back to keeps its
 * first record, so after a change there and back the newest digest need not be the latest: then only `published`, the
 * text of the last document's record as the state tells it, names the one that readers may still hold.
 */
export function keepFormerDigest(
  domain: string,
  wanted: readonly WantedRecord[],
  zoneRecords: readonly ObservedRecord[],
  identity: StackIdentity,
  published?: string,
): readonly WantedRecord[] {
  const name = paccName(domain);
  const current = wanted.find((record) => record.purpose === "pacc" && record.name === name);
  if (current === undefined) return wanted;
  const formers = zoneRecords
    .filter((observed) => observed.type === "TXT" && observed.name === name)
    .flatMap((observed) => {
      const record = paccRecord(domain, parseTxt(observed.content));
      const isFormer = record !== undefined && record.logicalName !== current.logicalName;
      return isFormer && isOurs(observed, record, identity) ? [{ record, observed }] : [];
    })
    // Names tell apart what was made in the same second, so that two runs decide alike.
    .toSorted(
      (one, other) =>
        compare(age(other.observed), age(one.observed)) ||
        compare(one.record.logicalName, other.record.logicalName),
    );
  const latest = formers.find(({ record }) => record.text === published) ?? formers[0];
  return latest === undefined ? wanted : [...wanted, latest.record];
}

/** One whose comment names another record was changed by hand: it is left to the comparison. */
function isOurs(observed: ObservedRecord, record: TxtRecord, identity: StackIdentity): boolean {
  const ownership = parseOwnership(observed.comment);
  return ownership?.owner === ownerOf(identity) && ownership.hash === ownershipHash(record.logicalName);
}

/** Milliseconds; 0, the oldest, where nobody knows. */
function age({ createdOn }: ObservedRecord): number {
  const time = Date.parse(createdOn ?? "");
  return Number.isNaN(time) ? 0 : time;
}

function compare<T extends string | number>(one: T, other: T): number {
  return one < other ? -1 : Number(one > other);
}
