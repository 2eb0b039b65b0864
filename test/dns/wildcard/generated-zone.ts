/** Zones and questions for the comparison of name servers: few labels, so that names lie above, below and beside each other. */
import * as fc from "fast-check";
import type { ZoneRecord } from "../../../src/dns/wildcard/zone-record.ts";

export interface Question {
  readonly name: string;
  readonly type: string;
}

/** A zone that has no apex yet. */
export interface GeneratedZone {
  recordsAt(apex: string): readonly ZoneRecord[];
  questionsAt(apex: string): readonly Question[];
}

export interface GeneratedZoneOptions {
  /** Whether addresses and aliases may be proxied, and types stand beside a CNAME, as Cloudflare permits both. */
  readonly isCloudflare: boolean;
}

const RECORD_TYPES = ["A", "AAAA", "TXT", "SRV", "MX", "CNAME", "NS"] as const;
/** DS is asked of the parent, at the cut itself; CAA is in no zone here. */
const ASKED_TYPES = ["A", "AAAA", "TXT", "SRV", "MX", "CNAME", "NS", "DS", "CAA"] as const;

const label = fc.constantFrom("a", "b", "*", "_tcp");
const labels = fc.array(label, { minLength: 1, maxLength: 4 }).map((list) => list.join("."));
/** Most zones have a wildcard near the top, as the ones that matter do. */
const owner = fc.oneof(labels, labels, fc.constantFrom("*", "*.a", "*.b", "*.*", "*._tcp.a"));
const target = fc.oneof(labels, fc.constant("host.elsewhere.invalid."));
const line = fc.record({
  owner,
  type: fc.constantFrom(...RECORD_TYPES),
  target,
  number: fc.integer({ min: 1, max: 250 }),
  proxied: fc.boolean(),
});
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never;

export function generatedZone({ isCloudflare }: GeneratedZoneOptions): fc.Arbitrary<GeneratedZone> {
  const lines = fc.array(line, { minLength: 1, maxLength: 9 });
  const asked = fc.uniqueArray(fc.oneof(owner, labels), { minLength: 6, maxLength: 6 });
  return fc.record({ lines, asked }).map(({ lines, asked }) => {
    const kept = loadable(lines, isCloudflare);
    return {
      recordsAt: (apex: string) => kept.map((one) => toRecord(one, apex, isCloudflare)),
      questionsAt: (apex: string) =>
        asked.flatMap((name) => ASKED_TYPES.map((type) => ({ name: `${name}.${apex}`, type }))),
    };
  });
}

/**
 * Leaves out what no server loads: two CNAME records at a name, a CNAME beside other types (RFC 1034 §3.6.2), and NS at a
 * wildcard, which has no meaning (RFC 4592 §4.2).
 */
function loadable(lines: readonly Line[], isCloudflare: boolean): readonly Line[] {
  const byName = Map.groupBy(
    lines.filter((one) => !(one.type === "NS" && one.owner.startsWith("*"))),
    (one) => one.owner,
  );
  return [...byName.values()].flatMap((node) => {
    const alias = node.find(({ type }) => type === "CNAME");
    if (alias === undefined) return node.filter((one, index) => isFirst(node, one, index));
    if (!isCloudflare) return [alias];
    return [alias, ...node.filter((one, index) => one.type === "TXT" && isFirst(node, one, index))];
  });
}

/** RDATA that repeats within an RRset is one record (RFC 2181 §5). */
function isFirst(node: readonly Line[], one: Line, index: number): boolean {
  return node.findIndex((other) => other.type === one.type && other.number === one.number) === index;
}

function toRecord(one: Line, apex: string, isCloudflare: boolean): ZoneRecord {
  const target = one.target.endsWith(".") ? one.target.slice(0, -1) : `${one.target}.${apex}`;
  const content: Record<Line["type"], string> = {
    A: `192.0.2.${one.number}`,
    AAAA: `2001:db8::${one.number}`,
    TXT: `text ${one.number}`,
    SRV: `1 ${one.number} ${target}`,
    MX: target,
    CNAME: target,
    NS: `ns${one.number}.elsewhere.invalid`,
  };
  const proxied = isCloudflare && one.proxied && ["A", "AAAA", "CNAME"].includes(one.type);
  return { name: `${one.owner}.${apex}`, type: one.type, content: content[one.type], proxied };
}
