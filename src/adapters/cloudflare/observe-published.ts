import { NotFoundError, PermissionDeniedError, type Cloudflare } from "cloudflare";
import pMap from "p-map";
import type { ClientSettings } from "../../documents/client-settings.ts";
import { settingsByDomain } from "../../documents/settings-by-domain.ts";
import { cloudflareError } from "./cloudflare-errors.ts";
import { readPages } from "./cloudflare-pages.ts";

/** Entries read at a time; see {@link planZones}. */
const ENTRIES_AT_A_TIME = 8;
/** Namespaces of one page; an account on the free plan has at most 100. */
const NAMESPACES_PER_PAGE = 100;

export interface PublishedPlace {
  readonly accountId: string;
  /** Of the namespace: the Worker's name. */
  readonly title: string;
}

/** What is published, by domain, or why that is not known. */
export type Published =
  | { readonly state: "known"; readonly settings: ReadonlyMap<string, ClientSettings> }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * Reads what the Worker publishes for domains: one request for the namespace and one for each domain. A token that may not read
 * KV and an entry of another version leave it unknown.
 *
 * @throws MailAutodiscoverError `cloudflare-rate-limited`, `cloudflare-unavailable`
 */
export async function observePublished(
  client: Cloudflare,
  { accountId, title }: PublishedPlace,
  domains: readonly string[],
): Promise<Published> {
  try {
    const namespaces = await readPages<Cloudflare.KV.Namespace>(NAMESPACES_PER_PAGE, (page) =>
      client.kv.namespaces.list({ account_id: accountId, per_page: NAMESPACES_PER_PAGE, page }),
    );
    const namespace = namespaces.find((one) => one.title === title);
    if (namespace === undefined) return { state: "known", settings: new Map() };
    const place = { account_id: accountId, namespace_id: namespace.id };
    const entries = await pMap(
      domains,
      (domain) => readEntry(() => client.kv.namespaces.values.get(domain, place)),
      { concurrency: ENTRIES_AT_A_TIME },
    );
    const settings = settingsByDomain(entries.filter((entry) => entry !== undefined));
    return settings === undefined
      ? { state: "unknown", reason: `an entry of the KV namespace ${title} is of another version` }
      : { state: "known", settings };
  } catch (error) {
    if (error instanceof PermissionDeniedError) {
      return { state: "unknown", reason: "the token may not read it (Account / Workers KV Storage / Read)" };
    }
    throw cloudflareError(error, `read what the KV namespace ${title} publishes`);
  }
}

async function readEntry(get: () => PromiseLike<Response>): Promise<string | undefined> {
  try {
    return await (await get()).text();
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
