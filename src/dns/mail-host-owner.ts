import { isWithin } from "../spec/host-name.ts";
import type { MailDomain } from "../spec/mail-domain.ts";

/**
 * Returns the domain whose certificate a mail host presents, and which publishes its addresses, where several domains
 * of one program share the host: the one that the host's name lies in (the closest), else the first by name.
 */
export function mailHostOwner(host: string, domains: readonly MailDomain[]): MailDomain | undefined {
  const rank = (domain: MailDomain): number => (isWithin(host, domain.domain) ? -domain.domain.length : 0);
  return domains
    .filter((domain) => mailHosts(domain).includes(host))
    .toSorted((a, b) => rank(a) - rank(b) || (a.domain < b.domain ? -1 : 1))
    .at(0);
}

/** Returns every host that answers a mail protocol for the domain, the mail server first, each once. */
export function mailHosts(domain: MailDomain): readonly string[] {
  const { host, imap, pop3, submission } = domain.mailServer;
  return [...new Set([host, ...[...imap, ...pop3, ...submission].map((endpoint) => endpoint.host)])];
}
