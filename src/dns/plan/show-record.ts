import { observedRdata, wantedRdata } from "../comparison/rdata.ts";
import type { ObservedRecord } from "../observed-zone.ts";
import type { WantedRecord } from "../wanted-record.ts";

/** Longest RDATA in a message; a DKIM key is longer and says nothing to a reader. */
const MAX_SHOWN = 160;

/** Returns an observed record for a message: its id, type and RDATA. */
export function showObserved(record: ObservedRecord): string {
  return `${record.id} ${record.type} ${shorten(observedRdata(record))}${record.proxied ? " (proxied)" : ""}`;
}

/** Returns a wanted record's RDATA for a message. */
export function showWanted(record: WantedRecord): string {
  const proxied = "proxied" in record && record.proxied ? " (proxied)" : "";
  const rdata =
    wantedRdata(record) ?? (record.type === "CAA" ? `${record.flags} ${record.tag} ${record.value}` : "");
  return `${shorten(rdata)}${proxied}`;
}

/** Returns `name/TYPE`, the form of the spec's lists. */
export function recordEntry(record: { readonly name: string; readonly type: string }): string {
  return `${record.name}/${record.type}`;
}

function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 3)}...`;
}
