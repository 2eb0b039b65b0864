import { DISCOVERY_LABELS, type DiscoveryLabel } from "../spec/discovery-labels.ts";
import type { MailDomain } from "../spec/mail-domain.ts";

/**
 * How a discovery host reaches its documents: `route` (proxied record and Worker route), `customDomain`
 * (Worker custom domain, which brings record and certificate), or `origin` (DNS-only CNAME to a host of the operator).
 */
export type PublicationForm = "route" | "customDomain" | "origin";

export interface PublicationHost {
  readonly label: DiscoveryLabel;
  readonly host: string;
  readonly form: PublicationForm;
}

/**
 * Returns the hosts at which a domain's documents are published. Universal SSL covers the apex and one level below it
 * (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations, verified 2026-11-23): a deeper name
 * behind a route would have no certificate, so it gets a custom domain.
 */
export function derivePublicationHosts(domain: MailDomain, zone: string): readonly PublicationHost[] {
  return DISCOVERY_LABELS.map((label) => {
    const host = `${label}.${domain.domain}`;
    return { label, host, form: publicationForm(domain, zone) };
  });
}

function publicationForm(domain: MailDomain, zone: string): PublicationForm {
  if (domain.publish.kind === "origin") return "origin";
  return domain.domain === zone ? "route" : "customDomain";
}
