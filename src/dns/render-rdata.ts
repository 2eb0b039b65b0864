import { quoteTxt } from "./txt-text.ts";
import type { CaaRecord, WantedRecord } from "./wanted-record.ts";

/** Returns a record's RDATA as a master file shows it (RFC 1035 §5.1): names with their final dot, texts quoted. */
export function renderRdata(record: WantedRecord, accountUri?: string): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return record.content;
    case "CNAME":
      return `${record.content}.`;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${absolute(record.target)}`;
    case "MX":
      return `${record.priority} ${absolute(record.exchange)}`;
    case "TXT":
      return quoteTxt(record.text);
    case "CAA":
      return `${record.flags} ${record.tag} ${quoted(caaValue(record, accountUri))}`;
  }
}

/** Returns the value of a CAA record, with the account that it binds where that is known (RFC 8657 §3). */
export function caaValue({ value, bindsAccount }: CaaRecord, accountUri: string | undefined): string {
  return bindsAccount && accountUri !== undefined ? `${value}; accounturi=${accountUri}` : value;
}

function absolute(host: string): string {
  return host === "." ? "." : `${host}.`;
}

/** A CAA value is one string of any length, never split (RFC 8659 §4.1.1). */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
