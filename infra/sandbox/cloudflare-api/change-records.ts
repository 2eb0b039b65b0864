import { ApiRefusal } from "./api-refusal.ts";
import { newId, timestamp } from "./identifiers.ts";
import { refuseConflicts, refuseOverQuota } from "./record-conflicts.ts";
import { mergePatch, readRecord, type WantedRecord, type ZoneRules } from "./record-input.ts";
import type { JsonObject } from "./request-body.ts";
import type { StoredRecord } from "./stored-state.ts";

type Records = readonly StoredRecord[];

/** The zone's records after a change, and the record that it was about. */
export interface RecordChange {
  readonly records: Records;
  readonly record: StoredRecord;
}

// All four are pure: a batch folds over them and stores the last result only.

export function createRecord(records: Records, body: JsonObject, rules: ZoneRules): RecordChange {
  const wanted = readRecord(body, rules);
  refuseOverQuota(records, rules.limits.records);
  refuseConflicts(wanted, records, rules.zoneName);
  const now = timestamp();
  const record: StoredRecord = {
    id: newId(),
    ...wanted,
    ...(wanted.comment === null ? {} : { commentModifiedOn: now }),
    createdOn: now,
    modifiedOn: now,
  };
  return { records: [...records, record], record };
}

export function replaceRecord(
  records: Records,
  id: string,
  body: JsonObject,
  rules: ZoneRules,
): RecordChange {
  const former = findEditable(records, id);
  return exchange(records, former, readRecord(body, rules), rules.zoneName);
}

export function patchRecord(records: Records, id: string, patch: JsonObject, rules: ZoneRules): RecordChange {
  const former = findEditable(records, id);
  return exchange(records, former, readRecord(mergePatch(former, patch), rules), rules.zoneName);
}

export function deleteRecord(records: Records, id: string): RecordChange {
  const record = findEditable(records, id);
  return { records: records.filter((other) => other !== record), record };
}

export function findRecord(records: Records, id: string): StoredRecord {
  const record = records.find((candidate) => candidate.id === id);
  if (record === undefined) throw new ApiRefusal(404, 81044, "Record does not exist.");
  return record;
}

function findEditable(records: Records, id: string): StoredRecord {
  const record = findRecord(records, id);
  // That such records are read-only is documented, and shown as `meta.read_only` (DNSControl/dnscontrol#3850); the code is
  // not (not verified).
  if (record.workerService !== undefined) {
    throw new ApiRefusal(400, 1043, "This record is managed by Workers and cannot be edited.");
  }
  return record;
}

function exchange(
  records: Records,
  former: StoredRecord,
  wanted: WantedRecord,
  zoneName: string,
): RecordChange {
  refuseConflicts(
    wanted,
    records.filter((other) => other !== former),
    zoneName,
  );
  const now = timestamp();
  const commentModifiedOn = wanted.comment === former.comment ? former.commentModifiedOn : now;
  const record: StoredRecord = {
    id: former.id,
    ...wanted,
    ...(commentModifiedOn === undefined ? {} : { commentModifiedOn }),
    createdOn: former.createdOn,
    modifiedOn: now,
  };
  return { records: records.map((other) => (other === former ? record : other)), record };
}
