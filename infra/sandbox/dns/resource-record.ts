import type { CaaData, MxData, SoaData, SrvData, TlsaData } from "dns-packet";

/** RDATA in the form that `dns-packet` encodes; bytes for the types that it does not know. */
export type Rdata =
  | string
  | Buffer
  | readonly Buffer[]
  | CaaData
  | MxData
  | SoaData
  | SrvData
  | TlsaData
  | object;

export interface ResourceRecord {
  /** Lower case, no trailing dot. */
  readonly owner: string;
  /** The mnemonic: `A`, `HTTPS`. */
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  readonly data: Rdata;
}

/** Returns the name that a CNAME record points to. */
export function aliasTarget(record: ResourceRecord): string {
  return typeof record.data === "string" ? record.data : "";
}
