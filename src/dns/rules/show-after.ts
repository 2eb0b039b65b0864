import type { PlannedRecord } from "../planned-record.ts";
import type { AfterRecord } from "./zone-after.ts";

/** Longest content in a message; a DKIM key is longer and says nothing to a reader. */
const MAX_SHOWN = 160;

/** Returns a record for a message: its id, or `planned` for a new one, with type and content. */
export function showAfter({ id, type, content, proxied }: Omit<AfterRecord, "name" | "isOurs">): string {
  const text = content.length <= MAX_SHOWN ? content : `${content.slice(0, MAX_SHOWN - 3)}...`;
  return `${id ?? "planned"} ${type} ${text}${proxied ? " (proxied)" : ""}`;
}

/** Returns the records that send clients to a host, for a message. */
export function showUsers(users: readonly PlannedRecord[]): string {
  return [...new Set(users.map(({ record }) => `${record.name}/${record.type}`))].join(", ");
}
