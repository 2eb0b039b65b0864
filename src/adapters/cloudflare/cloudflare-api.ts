import { Cloudflare, NotFoundError } from "cloudflare";
import { MailAutodiscoverError } from "../../errors.ts";
import { canonicalName } from "../../dns/comparison/canonical-name.ts";
import { closestZone } from "../../spec/host-name.ts";
import { cloudflareError, TOKEN_SCOPES } from "./cloudflare-errors.ts";
import { readPages } from "./cloudflare-pages.ts";

export interface CloudflareAccess {
  readonly apiToken: string | undefined;
  /** Base of the API, ending in `/client/v4`; undefined means the public one. */
  readonly baseUrl?: string | undefined;
  /** Counts what is asked. */
  readonly count?: RequestCount | undefined;
}

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  /** `free`, `pro`, `business`, `enterprise`, or another word of Cloudflare's; `free` where it says none. */
  readonly plan: string;
  /** What the token may do in the zone, for example `#dns_records:edit`; empty where Cloudflare does not say. */
  readonly permissions: readonly string[];
}

/** Counts the requests of a client, tries again included. */
export class RequestCount {
  requests = 0;
}

/** Zones of one page; 50 is the API's maximum. */
const ZONES_PER_PAGE = 50;

/**
 * Opens the official SDK. It repeats requests that met 408, 409, 429 or 5xx twice, with the server's delay.
 * @throws MailAutodiscoverError `cloudflare-token-missing`
 */
export function openCloudflare(access: CloudflareAccess): Cloudflare {
  if (access.apiToken === undefined || access.apiToken === "") {
    throw new MailAutodiscoverError("cloudflare-token-missing", "There is no Cloudflare API token.", {
      remedy: `Set CLOUDFLARE_API_TOKEN, or "pulumi config set --secret cloudflare:apiToken", to a token with the scopes ${TOKEN_SCOPES}.`,
    });
  }
  return new Cloudflare({
    apiToken: access.apiToken,
    baseURL: access.baseUrl?.replace(/\/$/, "") ?? null,
    maxRetries: 2,
    timeout: 30_000,
    fetch: (input, init) => {
      if (access.count !== undefined) access.count.requests += 1;
      return fetch(input, init);
    },
  });
}

/** Lists every zone that the token can see. */
export async function observeZones(client: Cloudflare): Promise<readonly Zone[]> {
  try {
    const zones = await readPages<Cloudflare.Zones.Zone>(ZONES_PER_PAGE, (page) =>
      client.zones.list({ per_page: ZONES_PER_PAGE, page }),
    );
    return zones
      .map((zone) => ({
        id: zone.id,
        name: canonicalName(zone.name),
        accountId: zone.account.id ?? "",
        plan: zone.plan.legacy_id ?? "free",
        permissions: zone.permissions ?? [],
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw cloudflareError(error, "list the zones");
  }
}

/** Refuses zones that the token can read but not change. @throws MailAutodiscoverError `cloudflare-token-refused`, with all zones at once */
export function requireEditable(zones: readonly Zone[]): void {
  const readOnly = zones.filter(
    ({ permissions }) => permissions.length > 0 && !permissions.includes("#dns_records:edit"),
  );
  if (readOnly.length === 0) return;
  throw new MailAutodiscoverError(
    "cloudflare-token-refused",
    `The API token cannot change the DNS records of ${readOnly.map(({ name }) => name).join(", ")}.`,
    { remedy: "Give the token Zone / DNS / Edit for these zones; nothing was changed." },
  );
}

/** Returns the closest zone of every domain. @throws MailAutodiscoverError `zone-not-found`, with all domains at once */
export function requireZones(domains: readonly string[], zones: readonly Zone[]): ReadonlyMap<string, Zone> {
  const found = new Map<string, Zone>();
  const missing: string[] = [];
  for (const domain of domains) {
    const zone = closestZone(domain, zones);
    if (zone === undefined) missing.push(domain);
    else found.set(domain, zone);
  }
  if (missing.length > 0) {
    const seen = zones.length === 0 ? "none" : zones.map((zone) => zone.name).join(", ");
    throw new MailAutodiscoverError(
      "zone-not-found",
      `No zone holds ${missing.join(", ")}. The API token can see these zones: ${seen}.`,
      {
        remedy:
          "Add the zone to Cloudflare, or give the token Zone / Zone / Read and Zone / DNS / Edit for it.",
      },
    );
  }
  return found;
}

/** Returns the account's workers.dev subdomain, or undefined where it has none. */
export async function observeWorkersSubdomain(
  client: Cloudflare,
  accountId: string,
): Promise<string | undefined> {
  try {
    const { subdomain } = await client.workers.subdomains.get({ account_id: accountId });
    return subdomain === "" ? undefined : subdomain;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw cloudflareError(error, "read the account's workers.dev subdomain");
  }
}
