import { caaValue, renderRdata } from "./render-rdata.ts";
import { quoteTxt } from "./txt-text.ts";
import type { WantedRecord } from "./wanted-record.ts";

export interface SrvData {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export interface CaaData {
  readonly flags: number;
  readonly tag: string;
  readonly value: string;
}

/** Arguments of `cloudflare.DnsRecord` without the zone, in the one form that never drifts. */
export interface RecordArguments {
  readonly name: string;
  readonly type: WantedRecord["type"];
  /** Seconds; 1 is Cloudflare's "automatic" (300 s), the only value that is valid both proxied and not. */
  readonly ttl: number;
  readonly proxied: boolean;
  readonly comment: string;
  readonly content?: string;
  readonly priority?: number;
  readonly data?: SrvData | CaaData;
}

export interface RecordArgumentsOptions {
  /** The ownership comment. */
  readonly comment: string;
  /** Seconds. Default: automatic; a proxied record is always automatic. */
  readonly ttlSeconds?: number | undefined;
  /** An adopted record's own text form, in place of the module's. */
  readonly content?: string | undefined;
  /** The ACME account that CAA records bind; undefined while it is not known. */
  readonly accountUri?: string | undefined;
}

const AUTOMATIC_TTL = 1;

/**
 * Builds the arguments of a record: FQDN in lower case without a final dot; SRV with `data` and the same priority at
 * the top, since without it each refresh plans an update (cloudflare/terraform-provider-cloudflare#5383, #6684); MX with
 * content and priority, since its `data` form drifts; TXT quoted and split, as the API asks for.
 */
export function buildRecordArguments(record: WantedRecord, options: RecordArgumentsOptions): RecordArguments {
  const { comment, accountUri } = options;
  const base = {
    name: record.name,
    type: record.type,
    ttl: options.ttlSeconds ?? AUTOMATIC_TTL,
    proxied: false,
    comment,
  };
  switch (record.type) {
    case "A":
    case "AAAA":
    case "CNAME": {
      const { proxied, content } = record;
      return { ...base, ttl: proxied ? AUTOMATIC_TTL : base.ttl, proxied, content };
    }
    case "MX":
      return { ...base, priority: record.priority, content: record.exchange };
    case "TXT":
      return { ...base, content: options.content ?? quoteTxt(record.text) };
    case "SRV": {
      const { priority, weight, port, target } = record;
      return { ...base, priority, data: { priority, weight, port, target } };
    }
    case "CAA": {
      const { flags, tag } = record;
      return { ...base, data: { flags, tag, value: caaValue(record, accountUri) } };
    }
  }
}

/** Renders a record as a line of a master file (RFC 1035 §5.1), for people and golden files. */
export function renderRecord(record: WantedRecord): string {
  const proxied = "proxied" in record && record.proxied ? " ; proxied" : "";
  return `${record.name}. ${record.type} ${renderRdata(record)}${proxied}`;
}
