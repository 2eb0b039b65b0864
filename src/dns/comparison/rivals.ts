import type { ObservedRecord } from "../observed-zone.ts";
import { parseTxt } from "../txt-text.ts";
import type { TxtRecord, WantedRecord } from "../wanted-record.ts";

/**
 * Returns the types of records that cannot stand at a name beside a wanted one: by the rules of DNS (a CNAME is alone
 * but for DNSSEC, RFC 2181 §10.1), or because a client would find two answers to one question.
 */
export function rivalTypes(record: WantedRecord): readonly string[] {
  switch (record.type) {
    case "A":
    case "AAAA":
      // A discovery name is one host: an address of another beside it would answer half of the questions.
      return record.purpose === "discovery" ? ["A", "AAAA", "CNAME"] : [record.type, "CNAME"];
    case "CNAME":
      return ["A", "AAAA", "CNAME"];
    case "TXT":
    case "SRV":
    case "MX":
    case "CAA":
      return [record.type, "CNAME"];
  }
}

/** True where an observed record of the same name stands in the way of a wanted one that it does not equal. */
export function isRival(wanted: WantedRecord, observed: ObservedRecord): boolean {
  if (observed.name !== wanted.name || !rivalTypes(wanted).includes(observed.type)) return false;
  if (observed.type === "CNAME") return !isShadowing(wanted);
  switch (wanted.type) {
    case "TXT":
      return isSameKindOfTxt(wanted, parseTxt(observed.content));
    case "CAA":
      // A set that many share: each member allows one more issuer (RFC 8659 §4.2).
      return false;
    default:
      return true;
  }
}

/** A tombstone is only there so that the name exists; whatever exists already does that. */
function isShadowing(wanted: WantedRecord): boolean {
  return wanted.purpose === "tombstone";
}

/** Of these a name may have one record only: RFC 7208 §4.5, RFC 9989, RFC 8461 §3.1, RFC 8460 §3, RFC 6376 §3.6.2.2. */
const VERSIONS: Readonly<Partial<Record<WantedRecord["purpose"], RegExp>>> = {
  spf: /^v=spf1(\s|$)/i,
  dmarc: /^v\s*=\s*DMARC1\s*(;|$)/i,
  "mta-sts": /^v\s*=\s*STSv1\s*(;|$)/i,
  "tls-rpt": /^v\s*=\s*TLSRPTv1\s*(;|$)/i,
  dkim: /(^|;)\s*p\s*=/i,
  "dav-path": /^path\s*=/i,
};

function isSameKindOfTxt(wanted: TxtRecord, text: string): boolean {
  return VERSIONS[wanted.purpose]?.test(text) ?? false;
}
