import type { MailDomain } from "../../spec/mail-domain.ts";
import { mailHostOwner } from "../mail-host-owner.ts";
import type { PlanProblem } from "../planned-record.ts";

/**
 * Returns the mail hosts that several domains name with different addresses. One domain publishes a shared host's
 * addresses; another may repeat them or leave them out, but not contradict them.
 */
export function disagreeingMailHosts(domains: readonly MailDomain[]): readonly PlanProblem[] {
  const byHost = Map.groupBy(domains, ({ mailServer }) => mailServer.host);
  return [...byHost].flatMap(([host, sharing]) => {
    const owner = mailHostOwner(host, domains);
    if (owner === undefined) return [];
    const published = addressesOf(owner);
    return sharing
      .filter((domain) => domain.mailServer.addresses.length > 0 && addressesOf(domain) !== published)
      .map((domain) => ({
        code: "domains-disagree" as const,
        domain: owner.domain,
        subject: `${host}/A`,
        message: `${host} has two sets of addresses: ${owner.domain}, which publishes them, gives ${published || "none"}; ${domain.domain} gives ${addressesOf(domain)}.`,
        remedy: `Make the files of ${owner.domain} and ${domain.domain} say the same.`,
      }));
  });
}

function addressesOf(domain: MailDomain): string {
  return domain.mailServer.addresses.toSorted().join(", ");
}
