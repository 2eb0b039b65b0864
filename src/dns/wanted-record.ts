interface RecordBase {
  /** FQDN, lower case, no final dot. */
  readonly name: string;
  /** Never changes once released: the engine tells records apart by it, and a rename deletes a live record. */
  readonly logicalName: string;
  /** Logical names under which the same name may have been owned with another type: replaced, never beside. */
  readonly formerLogicalNames: readonly string[];
  /** What the record is for; decides who may stand beside it, and the words of the report. */
  readonly purpose: RecordPurpose;
  /** True for a record that nobody asked for by name: where somebody else has one there, theirs stays. */
  readonly isOptional?: boolean | undefined;
}

export type RecordPurpose =
  | "discovery"
  | "tombstone"
  | "autodiscover-srv"
  | "mail-srv"
  | "http-srv"
  | "dav-path"
  | "mail-host"
  | "guess-name"
  | "mx"
  | "spf"
  | "dkim"
  | "dmarc"
  | "mta-sts"
  | "tls-rpt"
  | "pacc"
  | "caa";

export interface AddressRecord extends RecordBase {
  readonly type: "A" | "AAAA";
  readonly content: string;
  readonly proxied: boolean;
}

export interface CnameRecord extends RecordBase {
  readonly type: "CNAME";
  readonly content: string;
  readonly proxied: boolean;
}

export interface SrvRecord extends RecordBase {
  readonly type: "SRV";
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Host name, or `.` where the service is not offered (RFC 2782). */
  readonly target: string;
}

export interface MxRecord extends RecordBase {
  readonly type: "MX";
  readonly priority: number;
  /** Host name, or `.` where the domain takes no mail (RFC 7505). */
  readonly exchange: string;
}

export interface TxtRecord extends RecordBase {
  readonly type: "TXT";
  /** The text as one string of octets below 0x80, not quoted and not split. */
  readonly text: string;
}

export interface CaaRecord extends RecordBase {
  readonly type: "CAA";
  /** 0 or 128, issuer critical (RFC 8659 §4.1). */
  readonly flags: number;
  readonly tag: "issue" | "issuewild" | "iodef";
  /** Issuer with its static parameters, or the URL of `iodef`. */
  readonly value: string;
  /** True: `; accounturi=<the ACME account>` (RFC 8657) follows the value once the account is known. */
  readonly bindsAccount: boolean;
}

/** A DNS record that the domain needs. */
export type WantedRecord = AddressRecord | CnameRecord | SrvRecord | MxRecord | TxtRecord | CaaRecord;

/**
 * Returns the logical name of a record: `<domain>/<TYPE>/<owner name>[/<stable key>]`.
 * The key tells members of one RRset apart by content, never by position.
 */
export function logicalName(domain: string, type: WantedRecord["type"], name: string, key?: string): string {
  return [domain, type, name, ...(key === undefined ? [] : [key])].join("/");
}
