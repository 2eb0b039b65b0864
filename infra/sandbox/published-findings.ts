import { derivePublicationHosts } from "../../src/dns/publication-hosts.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";

/**
 * Returns the findings without those about documents at hosts of somebody else, such as a hosted provider's `autodiscover`:
 * its servers are not in the sandbox's world.
 */
export function publishedFindings(
  findings: readonly Finding[],
  domain: MailDomain,
  zone: string,
): readonly Finding[] {
  const published = new Set(derivePublicationHosts(domain, zone).map(({ host }) => host));
  return findings.filter(({ subject }) => {
    const host = /https?:\/\/([^/\s]+)/.exec(subject)?.[1];
    return host === undefined || published.has(host);
  });
}
