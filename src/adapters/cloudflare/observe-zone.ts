import { type Cloudflare, PermissionDeniedError } from "cloudflare";
import { canonicalName } from "../../dns/comparison/canonical-name.ts";
import type { ObservedCustomDomain, ObservedRecord, ObservedZone } from "../../dns/observed-zone.ts";
import type { Zone } from "./cloudflare-api.ts";
import { cloudflareError } from "./cloudflare-errors.ts";
import { readPages } from "./cloudflare-pages.ts";

/**
 * Records of one page. The API takes far more, but the answer is one JSON text of about 500 bytes a record: 5,000 keep
 * it below 3 MB, and a zone at the quota of every plan below Enterprise (3,500) in one request.
 */
export const RECORDS_PER_PAGE = 5000;

/** Fewest records that any plan allows (free zones made since 2024-09-01): below it the quota need not be asked for. */
const SMALLEST_QUOTA = 200;

export interface ObserveZoneOptions {
  /** Custom domains of the zone's account, from {@link observeCustomDomains}. Default none. */
  readonly customDomains?: readonly (ObservedCustomDomain & { readonly zoneId: string })[] | undefined;
  /** Records that may be added: near the smallest quota the zone's own is asked for. Default 0. */
  readonly expectedRecords?: number | undefined;
}

/**
 * Reads a whole zone: its records in pages, its Worker routes, and its record quota where that could matter. Two
 * requests for a zone of up to 5,000 records, one more for each further 5,000 and for the quota.
 *
 * @throws MailAutodiscoverError `cloudflare-token-refused`, `cloudflare-rate-limited`, `cloudflare-unavailable`
 */
export async function observeZone(
  client: Cloudflare,
  zone: Zone,
  options: ObserveZoneOptions = {},
): Promise<ObservedZone> {
  try {
    const [records, routes] = await Promise.all([
      readPages<Cloudflare.DNS.RecordResponse>(RECORDS_PER_PAGE, (page) =>
        client.dns.records.list({ zone_id: zone.id, per_page: RECORDS_PER_PAGE, page }),
      ),
      client.workers.routes.list({ zone_id: zone.id }),
    ]);
    const isNearQuota = records.length + (options.expectedRecords ?? 0) >= SMALLEST_QUOTA;
    return {
      id: zone.id,
      name: zone.name,
      plan: zone.plan,
      records: records.map(observed),
      recordQuota: isNearQuota ? await recordQuota(client, zone) : undefined,
      routes: routes.result.map(({ id, pattern, script }) => ({ id, pattern, script: script || undefined })),
      customDomains: (options.customDomains ?? []).filter(({ zoneId }) => zoneId === zone.id),
    };
  } catch (error) {
    throw cloudflareError(error, `read the zone ${zone.name}`);
  }
}

/** Lists the hosts that Workers of an account have as a whole: one request for all zones. */
export async function observeCustomDomains(
  client: Cloudflare,
  accountId: string,
): Promise<readonly (ObservedCustomDomain & { readonly zoneId: string })[]> {
  try {
    const { result } = await client.workers.domains.list({ account_id: accountId });
    return result.map(({ hostname, service, zone_id: zoneId }) => ({
      hostname: canonicalName(hostname ?? ""),
      service: service ?? "",
      zoneId: zoneId ?? "",
    }));
  } catch (error) {
    throw cloudflareError(error, "list the custom domains of Workers");
  }
}

/** A token may read records and not this: the plan's own quota is assumed then. Any other failure is one. */
async function recordQuota(client: Cloudflare, zone: Zone): Promise<number | undefined> {
  try {
    const usage = await client.dns.usage.zone.get({ zone_id: zone.id });
    return usage.record_quota ?? undefined;
  } catch (error) {
    if (error instanceof PermissionDeniedError) return undefined;
    throw error;
  }
}

function observed(record: Cloudflare.DNS.RecordResponse): ObservedRecord {
  const fields = record as unknown as {
    readonly priority?: number;
    readonly data?: Readonly<Record<string, string | number>>;
  };
  return {
    id: record.id,
    type: record.type.toUpperCase(),
    name: canonicalName(record.name),
    content: record.content ?? "",
    ttl: record.ttl,
    proxied: record.proxied === true,
    priority: fields.priority,
    data: fields.data,
    comment: record.comment || undefined,
    createdOn: record.created_on,
  };
}
