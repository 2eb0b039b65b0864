import { isWithin } from "../spec/host-name.ts";
import { renderRdata } from "./render-rdata.ts";
import type { WantedRecord } from "./wanted-record.ts";

export interface RenderZoneOptions {
  /** Seconds. Default 300, what Cloudflare's "automatic" means. */
  readonly ttlSeconds?: number | undefined;
  /** The ACME account that CAA records bind; undefined while it is not known. */
  readonly accountUri?: string | undefined;
}

const AUTOMATIC_TTL_SECONDS = 300;

/**
 * Renders the records of a zone as a master file (RFC 1035 §5) that `named-checkzone` accepts: what the module would
 * write, for people and for other name servers. Records outside the zone are left out; the same records give the same
 * text, in whatever order they come.
 */
export function renderZone(
  zone: string,
  records: readonly WantedRecord[],
  options: RenderZoneOptions = {},
): string {
  const { ttlSeconds = AUTOMATIC_TTL_SECONDS, accountUri } = options;
  const lines = records
    .filter((record) => isWithin(record.name, zone))
    .map((record) => ({ record, rdata: renderRdata(record, accountUri) }))
    .toSorted(
      (a, b) =>
        compare(sortKey(a.record.name, zone), sortKey(b.record.name, zone)) ||
        compare(a.record.type, b.record.type) ||
        compare(a.rdata, b.rdata),
    )
    .map(({ record, rdata }) => {
      const owner = record.name === zone ? "@" : record.name.slice(0, -zone.length - 1);
      return `${owner} IN ${record.type} ${rdata} ; ${remarks(record, accountUri).join(", ")}`;
    });
  return `${[
    `$ORIGIN ${zone}.`,
    `$TTL ${ttlSeconds}`,
    "; SOA and NS are placeholders that make the file complete: Cloudflare keeps its own.",
    "@ IN SOA ns.invalid. hostmaster.invalid. 1 10000 2400 604800 1800",
    "@ IN NS ns.invalid.",
    ...lines,
  ].join("\n")}\n`;
}

function remarks(record: WantedRecord, accountUri: string | undefined): readonly string[] {
  return [
    record.purpose,
    ...("proxied" in record && record.proxied ? ["proxied"] : []),
    ...(record.type === "CAA" && record.bindsAccount && accountUri === undefined
      ? ["accounturi follows once the account is known"]
      : []),
  ];
}

/** Labels from the top down, so that a name stands before the names below it; the apex is empty. */
function sortKey(name: string, zone: string): string {
  return name.slice(0, -zone.length).split(".").toReversed().join(" ");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
