/** Zones that others used before: records at the very names that a domain wants, alike or not, and some of this stack's. */
import * as fc from "fast-check";
import type { ObservedRecord } from "../../../src/dns/observed-zone.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import { identity } from "./sample-wish.ts";

const NAMES = [
  "*",
  "@",
  "mail",
  "imap",
  "autoconfig",
  "autodiscover",
  "mta-sts",
  "_dmarc",
  "_imaps._tcp",
  "_pop3._tcp",
  "www",
] as const;

/** By type: what the domain wants somewhere, in another text form too, and what it does not. */
const CONTENTS = {
  A: ["203.0.113.25", "192.0.2.1", "192.0.2.2"],
  AAAA: ["100::", "2001:db8::1"],
  CNAME: ["autoconfig.example.com", "Mail.example.com.", "autodiscover.outlook.com", "host.example.net"],
  TXT: ["v=spf1 mx -all", '"v=spf1 include:_spf.example.net ~all"', "v=DMARC1; p=none", '"hello"'],
  SRV: ["1 993 mail.example.com", "1 993 old.example.net", "0 0 ."],
  MX: ["mail.example.com", "mx.example.net"],
} as const;

type Type = keyof typeof CONTENTS;

const line = fc.constantFrom<Type>("A", "AAAA", "CNAME", "TXT", "SRV", "MX").chain((type) =>
  fc.record({
    type: fc.constant(type),
    label: fc.constantFrom(...NAMES),
    content: fc.constantFrom<string>(...CONTENTS[type]),
    proxied: fc.boolean(),
    ttl: fc.constantFrom(1, 300, 3600),
    comment: fc.constantFrom(undefined, undefined, "web team"),
  }),
);
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never;

/** This stack's, from a time when it wanted more: it goes with the next deployment. */
const obsolete: ObservedRecord = {
  id: "obsolete",
  type: "SRV",
  name: "_sieve._tcp.example.com",
  content: "1 4190 mail.example.com",
  priority: 0,
  ttl: 1,
  proxied: false,
  comment: ownershipComment(identity, "example.com/SRV/_sieve._tcp.example.com/mail.example.com:4190"),
};

export const livingZone: fc.Arbitrary<readonly ObservedRecord[]> = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.boolean())
  .map(([lines, hasObsolete]) => [...storable(lines).map(toRecord), ...(hasObsolete ? [obsolete] : [])]);

/** What Cloudflare takes: no record twice, an alias beside no address and no other alias (81053, 81054, 81058). */
function storable(lines: readonly Line[]): readonly Line[] {
  const kept: Line[] = [];
  for (const one of lines) {
    const beside = kept.filter(({ label }) => label === one.label);
    const isTwice = beside.some(({ type, content }) => type === one.type && content === one.content);
    const leads = ({ type }: Line): boolean => type === "A" || type === "AAAA" || type === "CNAME";
    const isRefused = leads(one) && beside.some((other) => leads(other) && [one, other].some(isAlias));
    if (!isTwice && !isRefused) kept.push(one);
  }
  return kept;
}

function isAlias({ type }: Line): boolean {
  return type === "CNAME";
}

function toRecord({ label, proxied, ...rest }: Line, index: number): ObservedRecord {
  const { type } = rest;
  return {
    ...rest,
    id: `theirs-${index}`,
    name: label === "@" ? "example.com" : `${label}.example.com`,
    proxied: proxied && ["A", "AAAA", "CNAME"].includes(type),
    ...(type === "MX" ? { priority: 10 } : type === "SRV" ? { priority: 0 } : {}),
  };
}
