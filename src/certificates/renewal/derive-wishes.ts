import { deriveRecords } from "../../dns/derive-records.ts";
import { mailHostOwner } from "../../dns/mail-host-owner.ts";
import type { ProgramInput } from "../../dns/plan/plan-program.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { deriveCertificateNames } from "../certificate-names.ts";

export interface DeriveWishesOptions {
  /** Returns the name of the zone that holds a domain. */
  readonly zoneOf: (domain: string) => string;
  readonly visibleZones: readonly string[];
  readonly workersDevHost?: string | undefined;
  /** The CA's issuer domain name in CAA records. Default Let's Encrypt's. */
  readonly caIssuer?: string | undefined;
}

/** Returns what the domains of one program want in their zones, the names of passing challenge records included. */
export function deriveWishes(
  domains: readonly MailDomain[],
  options: DeriveWishesOptions,
): ProgramInput["domains"] {
  const { zoneOf, visibleZones, workersDevHost, caIssuer } = options;
  return domains.map((domain) => ({
    domain,
    wanted: deriveRecords(domain, {
      zone: zoneOf(domain.domain),
      zones: visibleZones,
      workersDevHost,
      caIssuer,
      publishAddresses: mailHostOwner(domain.mailServer.host, domains) === domain,
    }),
    challengeNames: challengeNames(domain, visibleZones),
  }));
}

/** Names of the TXT records that stand while the certificate is validated (RFC 8555 §8.4). */
function challengeNames(domain: MailDomain, zones: readonly string[]): readonly string[] {
  const { names } = deriveCertificateNames(domain, { zones });
  return [...new Set(names.map((name) => `_acme-challenge.${name.replace(/^\*\./, "")}`))];
}
