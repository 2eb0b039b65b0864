import type { MailDomain } from "../../spec/mail-domain.ts";
import { mergeSpf } from "../comparison/merge-spf.ts";
import { isRival } from "../comparison/rivals.ts";
import type { ObservedZone } from "../observed-zone.ts";
import { ownerOf, parseOwnership, type StackIdentity } from "../ownership.ts";
import { parseTxt } from "../txt-text.ts";
import type { WantedRecord } from "../wanted-record.ts";
import { namesRecord } from "./record-names.ts";

/**
 * Returns the wanted records with an adopted SPF record completed by what the zone's one says, read anew at each run:
 * what its owner adds later stays. CAA needs no merging: each record of its set stands for itself.
 */
export function mergeShared(
  wanted: readonly WantedRecord[],
  zoneOf: (name: string) => ObservedZone | undefined,
  domain: MailDomain,
  identity: StackIdentity,
): readonly WantedRecord[] {
  return wanted.map((record) => {
    if (record.type !== "TXT" || record.purpose !== "spf") return record;
    const theirs = zoneOf(record.name)?.records.filter((observed) => isRival(record, observed)) ?? [];
    const [only] = theirs;
    if (only?.type !== "TXT" || theirs.length > 1) return record;
    const ownership = parseOwnership(only.comment);
    const isAdopted = ownership?.isAdopted === true && ownership.owner === ownerOf(identity);
    const isNamed =
      ownership === undefined && domain.adopt.some((entry) => namesRecord(entry, record, domain.domain));
    return isAdopted || isNamed ? { ...record, text: mergeSpf(parseTxt(only.content), record.text) } : record;
  });
}
