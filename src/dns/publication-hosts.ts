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
 * Returns the hosts at which a domain's documents are published: not those that the preset's provider serves, and
 * `mta-sts` only with a policy. Universal SSL covers the apex and one level below it
 * (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations, verified 2026-11-23): a deeper name
 * behind a route would have no certificate, so it gets a custom domain.
 */
export function derivePublicationHosts(domain: MailDomain, zone: string): readonly PublicationHost[] {
  const form = publicationForm(domain, zone);
  return usedLabels(domain)
    .filter((label) => domain.preset.discovery[label] === undefined)
    .map((label) => ({ label, host: `${label}.${domain.domain}`, form }));
}

/**
 * Returns the discovery labels that a domain makes use of, whoever serves them. Where no mail client can be set up there
 * is no document to find, and a name that answered would only end a client's search.
 */
export function usedLabels(domain: MailDomain): readonly DiscoveryLabel[] {
  const { delivery, mailServer, preset } = domain;
  const hasDocuments = mailServer.submission.length > 0;
  return DISCOVERY_LABELS.filter((label) => {
    if (preset.discovery[label] !== undefined) return label !== "mta-sts" || delivery.mtaSts !== undefined;
    return label === "mta-sts" ? delivery.mtaSts !== undefined : hasDocuments;
  });
}

function publicationForm(domain: MailDomain, zone: string): PublicationForm {
  if (domain.publish.kind === "origin") return "origin";
  return domain.domain === zone ? "route" : "customDomain";
}
