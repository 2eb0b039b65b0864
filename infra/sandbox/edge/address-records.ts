import type { EdgeRecord } from "./edge-world.ts";

const PROXIABLE = new Set(["A", "AAAA", "CNAME"]);

/** Returns the proxied address record that answers for `host`, wildcards included. */
export function findProxiedRecord(records: readonly EdgeRecord[], host: string): EdgeRecord | undefined {
  return findAddressRecords(records, host).find(({ proxied }) => proxied);
}

/**
 * Returns the A, AAAA and CNAME records that answer for `host`, wildcards included.
 * RFC 4592 §2.2.2: any record at a name, or below it, ends the wildcard there.
 */
export function findAddressRecords(records: readonly EdgeRecord[], host: string): readonly EdgeRecord[] {
  let name = host;
  for (;;) {
    const at = records.filter((record) => record.name === name);
    const exists = at.length > 0 || records.some((record) => record.name.endsWith(`.${name}`));
    if (name === host && exists) return at.filter(isAddress);
    if (name !== host) {
      const wildcard = records.filter((record) => record.name === `*.${name}`);
      if (wildcard.length > 0) return wildcard.filter(isAddress);
      if (exists) return [];
    }
    const dot = name.indexOf(".");
    if (dot < 0) return [];
    name = name.slice(dot + 1);
  }
}

function isAddress(record: EdgeRecord): boolean {
  return PROXIABLE.has(record.type);
}
