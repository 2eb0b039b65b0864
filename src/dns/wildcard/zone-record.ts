import { derivePublicationHosts } from "../publication-hosts.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { WantedRecord } from "../wanted-record.ts";

/** What the analysis needs of a record; an `ObservedRecord` is one. */
export interface ZoneRecord {
  /** FQDN, A-labels, lower case, no final dot; may start with `*.`. */
  readonly name: string;
  /** Upper case. */
  readonly type: string;
  /** The text form of Cloudflare's API: SRV as `weight port target`. */
  readonly content: string;
  readonly proxied: boolean;
}

/** Returns a wanted record in the form of an observed one. */
export function zoneRecordOf(record: WantedRecord): ZoneRecord {
  const proxied = "proxied" in record && record.proxied;
  return { name: record.name, type: record.type, content: contentOf(record), proxied };
}

/**
 * Returns the records that Cloudflare makes for Worker custom domains: nobody declares them, yet they stand at their
 * names as much as a declared record does
 * (developers.cloudflare.com/workers/configuration/routing/custom-domains, verified 2026-11-23).
 */
export function customDomainRecords(domain: MailDomain, zone: string): readonly ZoneRecord[] {
  return derivePublicationHosts(domain, zone)
    .filter(({ form }) => form === "customDomain")
    .map(({ host }) => ({ name: host, type: "AAAA", content: "100::", proxied: true }));
}

function contentOf(record: WantedRecord): string {
  switch (record.type) {
    case "SRV":
      return `${record.weight} ${record.port} ${record.target}`;
    case "MX":
      return record.exchange;
    case "TXT":
      return record.text;
    case "CAA":
      return `${record.flags} ${record.tag} "${record.value}"`;
    default:
      return record.content;
  }
}
