interface RecordBase {
  /** FQDN, lower case, no final dot. */
  readonly name: string;
  /** Never changes once released: the engine tells records apart by it, and a rename deletes a live record. */
  readonly logicalName: string;
  /** Logical names under which the same name may have been owned with another type: replaced, never beside. */
  readonly formerLogicalNames: readonly string[];
}

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

/** A DNS record that the domain needs. TXT, MX, CAA and TLSA join this union when a spec can ask for them. */
export type WantedRecord = AddressRecord | CnameRecord | SrvRecord;

/**
 * Returns the logical name of a record: `<domain>/<TYPE>/<owner name>[/<stable key>]`.
 * The key tells members of one RRset apart by content, never by position.
 */
export function logicalName(domain: string, type: WantedRecord["type"], name: string, key?: string): string {
  return [domain, type, name, ...(key === undefined ? [] : [key])].join("/");
}
