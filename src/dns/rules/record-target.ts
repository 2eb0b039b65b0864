import { canonicalName } from "../comparison/canonical-name.ts";
import type { PlannedRecord } from "../planned-record.ts";
import type { ZoneRecord } from "../wildcard/zone-record.ts";

/** The types that lead a name to a host; only these can be proxied. */
export function isAddressType(type: string): boolean {
  return type === "A" || type === "AAAA" || type === "CNAME";
}

/** Returns the host that a record points to; undefined for other types, and where it says that there is none (`.`). */
export function recordTarget({ type, content }: Pick<ZoneRecord, "type" | "content">): string | undefined {
  if (!["CNAME", "MX", "SRV"].includes(type)) return undefined;
  const target = canonicalName(content.trim().split(/\s+/).at(-1) ?? "");
  return target === "." || target === "" ? undefined : target;
}

/** A host, and the planned records that send clients to it. */
export interface PlannedTarget {
  readonly host: string;
  readonly users: readonly PlannedRecord[];
}

/** Returns the targets of planned SRV and MX records that bear one of the purposes, each host once. */
export function plannedTargets(
  planned: readonly PlannedRecord[],
  purposes: readonly PlannedRecord["record"]["purpose"][],
): readonly PlannedTarget[] {
  const pairs = planned.flatMap((user) => {
    const { record } = user;
    if (!purposes.includes(record.purpose)) return [];
    const host = record.type === "SRV" ? record.target : record.type === "MX" ? record.exchange : ".";
    return host === "." ? [] : [{ host: canonicalName(host), user }];
  });
  return [...Map.groupBy(pairs, ({ host }) => host)].map(([host, group]) => ({
    host,
    users: group.map(({ user }) => user),
  }));
}
