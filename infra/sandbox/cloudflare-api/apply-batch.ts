import type Cloudflare from "cloudflare";
import { ApiRefusal, bodyFault } from "./api-refusal.ts";
import { createRecord, deleteRecord, patchRecord, replaceRecord } from "./change-records.ts";
import type { RecordChange } from "./change-records.ts";
import { renderRecord } from "./record-body.ts";
import type { ZoneRules } from "./record-input.ts";
import { isJsonObject, readText, refuseUnknownFields, type JsonObject } from "./request-body.ts";
import type { StoredRecord } from "./stored-state.ts";

const KINDS = ["deletes", "patches", "puts", "posts"] as const;
type Kind = (typeof KINDS)[number];
type RecordResponse = Cloudflare.DNS.RecordResponse;

export interface AppliedBatch {
  readonly records: readonly StoredRecord[];
  readonly result: Readonly<Record<Kind, RecordResponse[]>>;
}

/**
 * Returns the records after the whole batch: deletes, patches, puts, posts, in this order whatever the order of the keys.
 *
 * @throws ApiRefusal the first fault; the caller has then stored nothing, as in the service's transaction.
 */
export function applyBatch(
  before: readonly StoredRecord[],
  body: JsonObject,
  rules: ZoneRules,
): AppliedBatch {
  refuseUnknownFields(body, KINDS);
  const changes = KINDS.flatMap((kind) => readList(body[kind]).map((item) => ({ kind, item })));
  const maximum = rules.limits.batchChanges;
  if (changes.length > maximum) {
    throw new ApiRefusal(400, 1004, `A batch may hold ${String(maximum)} changes.`);
  }
  const result: Record<Kind, RecordResponse[]> = { deletes: [], patches: [], puts: [], posts: [] };
  let records = before;
  for (const { kind, item } of changes) {
    const change = applyOne(records, kind, item, rules);
    records = change.records;
    result[kind].push(renderRecord(change.record));
  }
  return { records, result };
}

function applyOne(
  records: readonly StoredRecord[],
  kind: Kind,
  item: JsonObject,
  rules: ZoneRules,
): RecordChange {
  if (kind === "posts") return createRecord(records, item, rules);
  const { id: _, ...fields } = item;
  const id = readText(item, "id");
  if (kind === "deletes") return deleteRecord(records, id);
  return kind === "puts"
    ? replaceRecord(records, id, fields, rules)
    : patchRecord(records, id, fields, rules);
}

function readList(value: unknown): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isJsonObject)) throw bodyFault("Request body is invalid.");
  return value;
}
