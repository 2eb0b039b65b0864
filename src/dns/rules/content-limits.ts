import { parseTxt } from "../txt-text.ts";
import { recordTarget } from "./record-target.ts";
import type { Rule, RuleViolation } from "./rule.ts";
import type { AfterRecord } from "./zone-after.ts";
import { zonesAfter, type ZoneAfter } from "./zones-after.ts";

/** RFC 1035 §2.3.4, without the final dot. */
const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
/** One character-string of a TXT record, which is preceded by its length octet (RFC 1035 §3.3). */
const MAX_STRING_OCTETS = 255;
/** Octets of a record's data as it is transmitted; until 2026-03 it was 2,048 characters (cloudflare/cloudflare-docs#29286). */
const MAX_RECORD_OCTETS = 4_096;
/** Characters of all records of one name and type, in the text form of the API. */
const MAX_SET_CHARACTERS = 8_192;

/**
 * Records that Cloudflare refuses for their size: 9000 (name), 9207 (content of one record), 81059 (all records of one
 * name and type) (developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types, verified 2026-11-23).
 */
export const contentLimits: Rule = {
  name: "content-limits",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/",
    "https://github.com/cloudflare/cloudflare-docs/pull/29286",
    "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4",
  ],
  audit: (input) =>
    zonesAfter(input).flatMap((zone) => [
      ...zone.records.filter(({ isOurs }) => isOurs).flatMap((record) => auditRecord(zone, record)),
      ...auditSets(zone),
    ]),
};

function auditRecord(zone: ZoneAfter, record: AfterRecord): readonly RuleViolation[] {
  const target = recordTarget(record);
  const octets = record.type === "TXT" ? wireOctets(record.content) : 0;
  return [
    ...nameProblems(record.name).map((problem) =>
      violation(zone, record, `The name ${record.name} ${problem}.`, "Shorten the name."),
    ),
    ...(target === undefined ? [] : nameProblems(target)).map((problem) =>
      violation(
        zone,
        record,
        `The target ${target ?? ""} of ${record.name} ${problem}.`,
        "Shorten the target's name.",
      ),
    ),
    ...(octets > MAX_RECORD_OCTETS
      ? [
          violation(
            zone,
            record,
            `${record.name} would have a text of ${octets} octets as transmitted, ${MAX_RECORD_OCTETS} is the limit.`,
            "Shorten the text.",
          ),
        ]
      : []),
  ];
}

function auditSets(zone: ZoneAfter): readonly RuleViolation[] {
  const sets = Map.groupBy(zone.records, ({ name, type }) => `${name}/${type}`);
  return [...sets.values()].flatMap((set): readonly RuleViolation[] => {
    const [own] = set.filter(({ isOurs }) => isOurs);
    const characters = set.reduce((total, { content }) => total + content.length, 0);
    if (own === undefined || characters <= MAX_SET_CHARACTERS) return [];
    const message = `The ${set.length} ${own.type} records of ${own.name} would have ${characters} characters together, ${MAX_SET_CHARACTERS} is the limit.`;
    return [violation(zone, own, message, "Remove a record that is no longer used.")];
  });
}

function nameProblems(name: string): readonly string[] {
  const label = name.split(".").find((candidate) => candidate.length > MAX_LABEL_LENGTH);
  return [
    ...(name.length > MAX_NAME_LENGTH
      ? [`has ${name.length} characters, ${MAX_NAME_LENGTH} is the limit`]
      : []),
    ...(label === undefined
      ? []
      : [`has a label of ${label.length} characters, ${MAX_LABEL_LENGTH} is the limit`]),
  ];
}

function wireOctets(content: string): number {
  const { length } = new TextEncoder().encode(parseTxt(content));
  return length + Math.max(1, Math.ceil(length / MAX_STRING_OCTETS));
}

function violation({ zone }: ZoneAfter, record: AfterRecord, message: string, remedy: string): RuleViolation {
  const subject = `${record.name}/${record.type}`;
  return { rule: contentLimits.name, severity: "fail", zone: zone.name, subject, message, remedy };
}
