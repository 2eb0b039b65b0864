import { Cloudflare, NotFoundError } from "cloudflare";
import { MailAutodiscoverError } from "../errors.ts";
import { closestZone } from "../spec/host-name.ts";
import { cloudflareError, TOKEN_SCOPES } from "./cloudflare-errors.ts";

export interface CloudflareAccess {
  readonly apiToken: string | undefined;
  /** Base of the API, ending in `/client/v4`; undefined means the public one. */
  readonly baseUrl?: string | undefined;
}

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
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
  });
}

/** Lists every zone that the token can see. */
export async function observeZones(client: Cloudflare): Promise<readonly Zone[]> {
  const zones: Zone[] = [];
  try {
    for await (const zone of client.zones.list({ per_page: ZONES_PER_PAGE })) {
      zones.push({ id: zone.id, name: zone.name, accountId: zone.account.id ?? "" });
    }
  } catch (error) {
    throw cloudflareError(error, "list the zones");
  }
  return zones.toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
