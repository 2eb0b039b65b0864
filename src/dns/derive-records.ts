import type { MailDomain } from "../spec/mail-domain.ts";
import { deriveCaa } from "./derive-caa.ts";
import { deriveDelivery } from "./derive-delivery.ts";
import { deriveDiscovery } from "./derive-discovery.ts";
import { deriveGuessNames, deriveMailHosts } from "./derive-mail-hosts.ts";
import { derivePacc } from "./derive-pacc.ts";
import { deriveServices } from "./derive-services.ts";
import type { WantedRecord } from "./wanted-record.ts";

export interface DeriveRecordsOptions {
  /** The zone that holds the domain. */
  readonly zone: string;
  /** Names of all visible zones: a mail host that none of them holds is not published. Default: `zone` alone. */
  readonly zones?: readonly string[] | undefined;
  /** The Worker's own host, the default target of `_autodiscover._tcp`; undefined where the account has none. */
  readonly workersDevHost?: string | undefined;
  /** False where another domain of the same program publishes the mail host's addresses. Default true. */
  readonly publishAddresses?: boolean | undefined;
  /** The issuer domain name of the module's CA in CAA records. Default `letsencrypt.org`. */
  readonly caIssuer?: string | undefined;
}

export const LETS_ENCRYPT_ISSUER = "letsencrypt.org";

/** Returns the records that a mail domain needs, in a stable order. */
export function deriveRecords(domain: MailDomain, options: DeriveRecordsOptions): readonly WantedRecord[] {
  const {
    zone,
    zones = [zone],
    workersDevHost,
    publishAddresses = true,
    caIssuer = LETS_ENCRYPT_ISSUER,
  } = options;
  return [
    ...deriveDiscovery(domain, zone),
    ...derivePacc(domain),
    ...deriveServices(domain, workersDevHost),
    ...(publishAddresses ? deriveMailHosts(domain, zones) : []),
    ...deriveGuessNames(domain),
    ...deriveDelivery(domain),
    ...deriveCaa(domain, { zones, caIssuer, publishesMailHost: publishAddresses }),
  ];
}
