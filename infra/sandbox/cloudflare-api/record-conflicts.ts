import { ApiRefusal } from "./api-refusal.ts";
import type { WantedRecord } from "./record-input.ts";
import type { StoredRecord } from "./stored-state.ts";

/** Free zones made since 2024-09-01. */
export const MAXIMUM_RECORDS = 200;
/** All records of one name and type together (cloudflare-docs#29286). */
const MAXIMUM_COMBINED_CONTENT = 8_192;

const isAddress = (type: string): boolean => type === "A" || type === "AAAA";

/**
 * Refuses what cannot stand beside the zone's other records. A CNAME beside TXT or MX is not in that
 * table and passes.
 */
export function refuseConflicts(wanted: WantedRecord, others: readonly StoredRecord[]): void {
  const sameName = others.filter(({ name }) => name === wanted.name);
  if (sameName.some((other) => isIdentical(wanted, other))) {
    throw new ApiRefusal(400, 81058, "An identical record already exists.");
  }
  if (wanted.type === "CNAME" && sameName.some(({ type }) => isAddress(type) || type === "CNAME")) {
    throw new ApiRefusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
  }
  if (isAddress(wanted.type) && sameName.some(({ type }) => type === "CNAME")) {
    throw new ApiRefusal(400, 81054, "A CNAME record with that host already exists.");
  }
  const combined = sameName
    .filter(({ type }) => type === wanted.type)
    .reduce((total, { content }) => total + content.length, wanted.content.length);
  if (combined > MAXIMUM_COMBINED_CONTENT) {
    throw new ApiRefusal(400, 81059, "The combined content of records with this name and type is too long.");
  }
}

export function refuseOverQuota(records: readonly StoredRecord[]): void {
  if (records.length >= MAXIMUM_RECORDS) throw new ApiRefusal(400, 81045, "Record quota exceeded.");
}

/** TTL, proxy and comment are no part of a record's identity; the priority, which is not in the content, is. */
function isIdentical(wanted: WantedRecord, other: StoredRecord): boolean {
  return wanted.type === other.type && wanted.content === other.content && wanted.priority === other.priority;
}
