import type { ObservedRecord, ObservedZone } from "../observed-zone.ts";
import { ownershipHash, parseOwnership } from "../ownership.ts";
import type { PlannedRecord } from "../planned-record.ts";
import { quoteTxt } from "../txt-text.ts";
import { zoneRecordOf, type ZoneRecord } from "../wildcard/zone-record.ts";

/** A record as the zone will hold it once the plan is carried out. */
export interface AfterRecord extends ZoneRecord {
  /** True for a record that the program makes or keeps. */
  readonly isOurs: boolean;
  /** The record's id where it stands in the zone already. */
  readonly id?: string | undefined;
  /** Undefined for a record of somebody else. */
  readonly planned?: PlannedRecord | undefined;
}

/**
 * Returns the records of a zone after the change: without what is displaced or taken over, without this stack's records
 * that are no longer planned, and with the planned ones. Records that the stack adopted stay when it lets go of them
 * (`retainOnDelete`), as somebody else's.
 */
export function recordsAfter(zone: ObservedZone, planned: readonly PlannedRecord[]): readonly AfterRecord[] {
  const here = planned.filter((record) => record.zone.id === zone.id);
  // One program is one stack: any of its comments names it.
  const owner = parseOwnership(planned[0]?.comment)?.owner;
  const gone = goneIds(zone, here);
  const keys = new Set(here.flatMap(({ record }) => hashesOf(record)));
  const held = new Map<string, ObservedRecord>();
  const staying = zone.records.filter((record) => {
    if (gone.has(record.id)) return false;
    const ownership = parseOwnership(record.comment);
    if (ownership === undefined || ownership.owner !== owner) return true;
    if (keys.has(ownership.hash)) held.set(ownership.hash, record);
    return ownership.isAdopted && !keys.has(ownership.hash);
  });
  return [
    ...staying.map((record): AfterRecord => ({
      ...pick(record),
      isOurs: false,
      id: record.id,
    })),
    ...here.map((one): AfterRecord => {
      const kept = hashesOf(one.record).flatMap((hash) => held.get(hash) ?? [])[0];
      return {
        ...plannedForm(one),
        isOurs: true,
        id: importedId(one) ?? one.keptId ?? kept?.id,
        planned: one,
      };
    }),
  ];
}

/** Returns the ids of what the plan removes, overwrites or keeps in a zone. */
export function goneIds(zone: ObservedZone, planned: readonly PlannedRecord[]): ReadonlySet<string> {
  const here = planned.filter((record) => record.zone.id === zone.id);
  return new Set(
    here.flatMap((record) => [
      ...record.displaces.map(({ id }) => id),
      // The planned record stands for it, also where somebody took its comment away.
      ...[importedId(record), record.keptId].filter((id) => id !== undefined),
    ]),
  );
}

function importedId({ importId }: PlannedRecord): string | undefined {
  return importId?.split("/")[1];
}

function hashesOf(record: PlannedRecord["record"]): readonly string[] {
  return [record.logicalName, ...record.formerLogicalNames].map(ownershipHash);
}

function pick({ name, type, content, proxied }: ObservedRecord): ZoneRecord {
  return { name, type, content, proxied };
}

function plannedForm({ record, content }: PlannedRecord): ZoneRecord {
  if (record.type !== "TXT") return zoneRecordOf(record);
  return { ...zoneRecordOf(record), content: content ?? quoteTxt(record.text) };
}
