import type Cloudflare from "cloudflare";
import { PROXIABLE_TYPES } from "./record-content.ts";
import type { StoredRecord } from "./stored-state.ts";

type RecordResponse = Cloudflare.DNS.RecordResponse;
type ARecord = Cloudflare.DNS.RecordResponse.ARecord;

/** What every type has. The SDK's types leave out that an absent comment is answered as null. */
type CommonFields = Required<
  Pick<ARecord, "id" | "name" | "ttl" | "content" | "proxied" | "proxiable" | "tags" | "created_on">
> &
  Pick<ARecord, "modified_on" | "comment_modified_on"> & {
    readonly comment: string | null;
    readonly meta: Readonly<Record<string, unknown>>;
    readonly settings: Readonly<Record<string, boolean>>;
  };

/** Returns a record as the API answers it: one shape for GET, lists and every change. */
export function renderRecord(record: StoredRecord): RecordResponse {
  const common: CommonFields = {
    id: record.id,
    name: record.name,
    content: record.content,
    proxiable: PROXIABLE_TYPES.includes(record.type),
    proxied: record.proxied,
    ttl: record.ttl,
    settings: record.settings,
    meta:
      record.workerService === undefined ? {} : { origin_worker_id: record.workerService, read_only: true },
    comment: record.comment,
    tags: [...(record.tags ?? [])],
    created_on: record.createdOn,
    modified_on: record.modifiedOn,
    ...(record.commentModifiedOn === undefined ? {} : { comment_modified_on: record.commentModifiedOn }),
  };
  return {
    ...common,
    type: record.type,
    ...(record.priority === undefined ? {} : { priority: record.priority }),
    ...(record.data === undefined ? {} : { data: record.data }),
  } as RecordResponse;
}
