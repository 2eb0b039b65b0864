import { parseClientSettings } from "../documents/client-settings.ts";
import { parseHostName } from "../spec/host-name.ts";
import { respond } from "./respond.ts";

/** The part of Workers KV that is used (developers.cloudflare.com/kv/api/read-key-value-pairs). */
interface KvNamespace {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
}

interface Environment {
  readonly MAIL_DOMAINS: KvNamespace;
}

/** Seconds that an edge location may serve an entry from its cache; 60 is the shortest for reads of a hot key. */
const CACHE_TTL_SECONDS = 60;

const worker: { fetch(request: Request, environment: Environment): Promise<Response> } = {
  fetch: (request, environment) =>
    respond(request, {
      now: () => new Date(),
      tenants: async (domain) => {
        // KV refuses a key that is empty or long with an exception; a host header can be either.
        if (!parseHostName(domain).ok) return undefined;
        const entry = await environment.MAIL_DOMAINS.get(domain, {
          type: "text",
          cacheTtl: CACHE_TTL_SECONDS,
        });
        return entry === null ? undefined : parseClientSettings(entry);
      },
    }),
};

export default worker;
