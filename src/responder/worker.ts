import { parseClientSettings, type ClientSettings } from "../documents/client-settings.ts";
import { parseHostName } from "../spec/host-name.ts";
import { cacheLoads } from "./bounded-cache.ts";
import { keepUnchanged } from "./keep-unchanged.ts";
import { respond } from "./respond.ts";
import { SECURITY_HEADERS, TEXT } from "./responses.ts";
import type { TenantStore } from "./tenant.ts";

/** The part of Workers KV that is used (developers.cloudflare.com/kv/api/read-key-value-pairs). */
interface KvNamespace {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
}

interface Environment {
  readonly MAIL_DOMAINS: KvNamespace;
}

/** Seconds that an edge location may serve an entry from its cache; 60 is the shortest for reads of a hot key. */
const CACHE_TTL_SECONDS = 60;

/** One for each namespace: an isolate has one, a test that imports this module several. */
const stores = new WeakMap<KvNamespace, TenantStore>();

const worker: { fetch(request: Request, environment: Environment): Promise<Response> } = {
  fetch: (request, { MAIL_DOMAINS }) => {
    let tenants = stores.get(MAIL_DOMAINS);
    if (tenants === undefined) stores.set(MAIL_DOMAINS, (tenants = openStore(MAIL_DOMAINS)));
    // The platform's own page for an exception would be HTML at the place of a document.
    return respond(request, { now: () => new Date(), tenants }).catch(tryLater);
  },
};

/** Where the store cannot be read: text, and no status that a client would take for an answer. */
function tryLater(): Response {
  const headers = {
    ...SECURITY_HEADERS,
    "content-type": TEXT,
    "cache-control": "no-store",
    "retry-after": "60",
  };
  return new Response("Try again later\n", { status: 503, headers });
}

function openStore(namespace: KvNamespace): TenantStore {
  const read = async (key: string): Promise<string | undefined> =>
    (await namespace.get(key, { type: "text", cacheTtl: CACHE_TTL_SECONDS })) ?? undefined;
  const parse = keepUnchanged(parseClientSettings);
  const settings = cacheLoads(async (domain: string, former: ClientSettings | undefined) => {
    const entry = isKey(domain) ? await read(domain) : undefined;
    return entry === undefined ? undefined : parse(entry, former);
  }, Date.now);
  const decode = keepUnchanged(decodeBase64);
  const profile = cacheLoads(async (domain: string, former: Uint8Array | undefined) => {
    const entry = isKey(domain) ? await read(`${domain}/profile`) : undefined;
    return entry === undefined ? undefined : decode(entry, former);
  }, Date.now);
  return Object.assign(settings, { profile });
}

/**
 * KV refuses a key that is empty or long with an exception; a host header can be either. A Worker's own name is no mail
 * domain, and is asked for all domains that are found by the SRV record: no read for it.
 */
function isKey(domain: string): boolean {
  return !domain.endsWith(".workers.dev") && parseHostName(domain).ok;
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export default worker;
