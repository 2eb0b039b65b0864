import type { MailDomain } from "../spec/mail-domain.ts";
import { derivePublicationHosts, usedLabels } from "./publication-hosts.ts";
import { logicalName, type AddressRecord, type CnameRecord } from "./wanted-record.ts";

/** Content of the record of a name that has no origin: the discard prefix (RFC 6666), as Cloudflare recommends. */
const ORIGINLESS = "100::";

/** Returns the records of the names at which clients and servers look for documents. */
export function deriveDiscovery(domain: MailDomain, zone: string): readonly (AddressRecord | CnameRecord)[] {
  const published = derivePublicationHosts(domain, zone);
  const isRouted = published.some(({ label, form }) => label === "autoconfig" && form === "route");
  return usedLabels(domain).flatMap((label): (AddressRecord | CnameRecord)[] => {
    const name = `${label}.${domain.domain}`;
    const cname = (content: string, proxied: boolean): CnameRecord => ({
      type: "CNAME",
      name,
      logicalName: logicalName(domain.domain, "CNAME", name),
      formerLogicalNames: [logicalName(domain.domain, "AAAA", name)],
      purpose: "discovery",
      content,
      proxied,
    });
    const provider = domain.preset.discovery[label];
    if (provider !== undefined) return [cname(provider, false)];
    if (domain.publish.kind === "origin") return [cname(domain.publish.host, false)];
    if (published.find((host) => host.label === label)?.form !== "route") return [];
    // Where a provider serves autoconfig, a proxied CNAME to it would end at the provider's zone (error 1014).
    if (label !== "autoconfig" && isRouted) return [cname(`autoconfig.${domain.domain}`, true)];
    return [
      {
        type: "AAAA",
        name,
        logicalName: logicalName(domain.domain, "AAAA", name),
        formerLogicalNames: [logicalName(domain.domain, "CNAME", name)],
        purpose: "discovery",
        content: ORIGINLESS,
        proxied: true,
      },
    ];
  });
}
