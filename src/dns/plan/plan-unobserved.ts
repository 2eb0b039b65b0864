import { ownershipComment, type StackIdentity } from "../ownership.ts";
import type { PlannedRecord } from "../planned-record.ts";
import type { WantedRecord } from "../wanted-record.ts";

/** Returns the plan for a zone that nobody looked at: every record is made, and one that is in the way fails `up`. */
export function planUnobserved(
  wanted: readonly WantedRecord[],
  zone: { readonly id: string; readonly name: string },
  identity: StackIdentity,
): readonly PlannedRecord[] {
  return wanted.map((record) => ({
    record,
    zone,
    action: "create",
    importId: undefined,
    keptId: undefined,
    comment: ownershipComment(identity, record.logicalName),
    retainOnDelete: false,
    ttlSeconds: undefined,
    content: undefined,
    displaces: [],
  }));
}
