import type { WantedRecord } from "./wanted-record.ts";

/** Arguments of `cloudflare.DnsRecord` without the zone, in the one form that never drifts. */
export interface RecordArguments {
  readonly name: string;
  readonly type: WantedRecord["type"];
  /** 1 is Cloudflare's "automatic" (300 s); the only value that is valid both proxied and not. */
  readonly ttl: number;
  readonly proxied: boolean;
  readonly comment: string;
  readonly content?: string;
  readonly priority?: number;
  readonly data?: {
    readonly priority: number;
    readonly weight: number;
    readonly port: number;
    readonly target: string;
  };
}

const AUTOMATIC_TTL = 1;

/**
 * Builds the arguments of a record: FQDN in lower case without a final dot; SRV with `data` and the same priority at
 * the top, since without it each refresh plans an update (cloudflare/terraform-provider-cloudflare#5383, #6684).
 */
export function buildRecordArguments(record: WantedRecord, comment: string): RecordArguments {
  const base = { name: record.name, type: record.type, ttl: AUTOMATIC_TTL, comment };
  if (record.type !== "SRV") return { ...base, proxied: record.proxied, content: record.content };
  const { priority, weight, port, target } = record;
  return { ...base, proxied: false, priority, data: { priority, weight, port, target } };
}

/** Renders a record as a line of a master file (RFC 1035 §5.1), for people and golden files. */
export function renderRecord(record: WantedRecord): string {
  const proxied = record.type !== "SRV" && record.proxied ? " ; proxied" : "";
  return `${record.name}. ${record.type} ${recordData(record)}${proxied}`;
}

function recordData(record: WantedRecord): string {
  if (record.type === "SRV") {
    const target = record.target === "." ? "." : `${record.target}.`;
    return `${record.priority} ${record.weight} ${record.port} ${target}`;
  }
  return record.type === "CNAME" ? `${record.content}.` : record.content;
}
