import { parseTxt } from "../txt-text.ts";
import type { Rule, RuleViolation } from "./rule.ts";
import { showAfter } from "./show-after.ts";
import type { AfterRecord } from "./zone-after.ts";
import { zonesAfter, type ZoneAfter } from "./zones-after.ts";

interface SingleSet {
  readonly title: string;
  readonly severity: RuleViolation["severity"];
  readonly isMember: (record: AfterRecord) => boolean;
  /** What readers make of a second member. */
  readonly effect: string;
}

const txt =
  (version: RegExp, name = /^/) =>
  ({ type, name: owner, content }: AfterRecord): boolean =>
    type === "TXT" && name.test(owner) && version.test(parseTxt(content));

const SETS: readonly SingleSet[] = [
  {
    title: "CNAME",
    severity: "fail",
    isMember: ({ type }) => type === "CNAME",
    effect: "a name has one canonical name (RFC 2181 §10.1), and Cloudflare refuses the second (81053)",
  },
  {
    title: "SPF",
    severity: "fail",
    isMember: txt(/^v=spf1( |$)/i),
    effect: "receivers answer permerror to every message (RFC 7208 §4.5)",
  },
  {
    title: "DMARC",
    severity: "fail",
    isMember: txt(/^v\s*=\s*DMARC1\s*(;|$)/i, /^_dmarc\./),
    effect: "receivers apply none of them (RFC 9989)",
  },
  {
    title: "MTA-STS",
    severity: "fail",
    isMember: txt(/^v=STSv1\s*(;|$)/, /^_mta-sts\./),
    effect: "senders take the domain for one without a policy (RFC 8461 §3.1)",
  },
  {
    title: "TLS-RPT",
    severity: "fail",
    isMember: txt(/^v=TLSRPTv1\s*(;|$)/, /^_smtp\._tls\./),
    effect: "senders report to nobody (RFC 8460 §3)",
  },
  {
    title: "DKIM key",
    severity: "fail",
    isMember: txt(/(^|;)\s*p\s*=/, /\._domainkey\./),
    effect: "verifiers may read either, so signatures fail by chance (RFC 6376 §3.6.2.2)",
  },
  {
    title: "Autodiscover SRV",
    severity: "warn",
    isMember: ({ type, name }) => type === "SRV" && name.startsWith("_autodiscover._tcp."),
    effect: "clients may follow either, and each answers for one system only (RFC 2782)",
  },
];

/** Of these a single member says "there is none" and makes no sense beside another. */
const NONE = [
  { type: "MX", effect: "a null MX stands alone (RFC 7505 §3)" },
  { type: "SRV", effect: "the target . says that the service is not offered (RFC 2782)" },
] as const;

/**
 * Of some sets a standard allows one member. Cloudflare refuses only the second CNAME (81053); every other second record
 * is created without a word (developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name,
 * verified 2026-11-23), and what it breaks is mail.
 */
export const singleRecordSet: Rule = {
  name: "single-record-set",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/",
    "https://www.rfc-editor.org/rfc/rfc7208#section-4.5",
    "https://www.rfc-editor.org/rfc/rfc9989",
    "https://www.rfc-editor.org/rfc/rfc8461#section-3.1",
    "https://www.rfc-editor.org/rfc/rfc8460#section-3",
    "https://www.rfc-editor.org/rfc/rfc6376#section-3.6.2.2",
    "https://www.rfc-editor.org/rfc/rfc7505#section-3",
    "https://www.rfc-editor.org/rfc/rfc2782",
  ],
  audit: (input) =>
    zonesAfter(input).flatMap((zone) =>
      [...Map.groupBy(zone.records, ({ name }) => name).values()].flatMap((atName) => [
        ...SETS.flatMap((set) => report(zone, atName.filter(set.isMember), set)),
        ...NONE.flatMap(({ type, effect }) => {
          const members = atName.filter((record) => record.type === type);
          const isNone = members.some(({ content }) => /(^|\s)\.$/.test(content.trim()));
          return isNone ? report(zone, members, { title: type, severity: "fail", effect }) : [];
        }),
      ]),
    ),
};

function report(
  { zone }: ZoneAfter,
  members: readonly AfterRecord[],
  { title, severity, effect }: Pick<SingleSet, "title" | "severity" | "effect">,
): readonly RuleViolation[] {
  const [first] = members;
  if (first === undefined || members.length < 2 || !members.some(({ isOurs }) => isOurs)) return [];
  return [
    {
      rule: singleRecordSet.name,
      severity,
      zone: zone.name,
      subject: `${first.name}/${first.type}`,
      message: `${first.name} would have ${members.length} ${title} records where one is allowed: ${members.map(showAfter).join("; ")}; ${effect}.`,
      remedy: "Keep one of them.",
    },
  ];
}
