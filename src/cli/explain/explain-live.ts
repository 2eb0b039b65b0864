import {
  observeWorkersSubdomain,
  observeZones,
  openCloudflare,
  requireZones,
} from "../../adapters/cloudflare/cloudflare-api.ts";
import { observePublished, type Published } from "../../adapters/cloudflare/observe-published.ts";
import { observeWanted } from "../../adapters/cloudflare/plan-zones.ts";
import { deriveWishes } from "../../certificates/renewal/derive-wishes.ts";
import type { ObservedZone } from "../../dns/observed-zone.ts";
import type { StackIdentity } from "../../dns/ownership.ts";
import { workerName } from "../../dns/worker-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { CliIo } from "../cli-io.ts";

/**
 * Reads the zones of domains as they are at Cloudflare.
 *
 * @throws MailAutodiscoverError `cloudflare-token-missing`, `cloudflare-token-refused`, `zone-not-found` and Cloudflare's
 */
export async function observeLive(
  domains: readonly MailDomain[],
  io: CliIo,
): Promise<{
  readonly zones: readonly ObservedZone[];
  readonly visibleZones: readonly string[];
  readonly workersSubdomain: string | undefined;
  /** Reads what a stack publishes for the domains. */
  readonly readPublished: (identity: StackIdentity) => Promise<Published>;
}> {
  const client = openCloudflare({
    apiToken: io.env["CLOUDFLARE_API_TOKEN"],
    baseUrl: io.env["CLOUDFLARE_BASE_URL"] || undefined,
  });
  const zones = await observeZones(client);
  const visibleZones = zones.map(({ name }) => name);
  const byDomain = requireZones(
    domains.map(({ domain }) => domain),
    zones,
  );
  const wishes = deriveWishes(domains, {
    zoneOf: (domain) => byDomain.get(domain)?.name ?? domain,
    visibleZones,
  });
  const accounts = [...new Set([...byDomain.values()].map(({ accountId }) => accountId))];
  const [observed, subdomains] = await Promise.all([
    observeWanted(client, { domains: wishes, zones, isReadOnly: true }),
    // A program has one account; zones of several are explained without a Worker's host.
    accounts.length === 1 ? observeWorkersSubdomain(client, accounts[0] ?? "") : undefined,
  ]);
  return {
    zones: observed,
    visibleZones,
    workersSubdomain: subdomains,
    readPublished: async (identity) => {
      const [accountId] = accounts;
      return accounts.length === 1 && accountId !== undefined
        ? observePublished(client, { accountId, title: workerName(identity) }, [...byDomain.keys()])
        : { state: "unknown", reason: `the zones lie in ${accounts.length} accounts` };
    },
  };
}
