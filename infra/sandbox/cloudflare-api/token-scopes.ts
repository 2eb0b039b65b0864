import type { MiddlewareHandler } from "hono";
import { ApiRefusal } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";

/** What the one token may do; what is left out it may. */
export interface TokenScopes {
  /** The zones that it sees, by name. Default: all of the account. */
  readonly zones?: readonly string[];
  /** Zone / Zone / Read: lists zones and shows them. Default true. */
  readonly zoneRead?: boolean;
  /** Zone / DNS / Edit: changes records; without it they can still be read. Default true. */
  readonly dnsEdit?: boolean;
  /** Account / Workers KV Storage / Read: shows what is in KV. Default true. */
  readonly kvRead?: boolean;
}

/**
 * Refuses what the token lacks: 403/0 for lists of zones (certbot/certbot#8015), 403/9109 for a zone that it does not see
 * (octodns/octodns-cloudflare#60), 403/10000 for the rest (cloudflare/cf-terraforming#677).
 */
export function requireScopes(store: CloudflareStore, scopes: TokenScopes): MiddlewareHandler {
  return async (context, next) => {
    const [, id, part] = /\/zones(?:\/([^/]+)(?:\/([^/]+))?)?/.exec(context.req.path) ?? [];
    const zone = id === undefined ? undefined : store.zone(id);
    if (zone !== undefined && !seesZone(scopes, zone.name)) {
      throw new ApiRefusal(403, 9109, "Unauthorized to access requested resource");
    }
    if (part === undefined && scopes.zoneRead === false) {
      throw id === undefined
        ? new ApiRefusal(
            403,
            0,
            "Actor 'com.cloudflare.api.token' requires permission 'com.cloudflare.api.account.zone.list' to list zones",
          )
        : new ApiRefusal(403, 9109, "Unauthorized to access requested resource");
    }
    if (part === "dns_records" && context.req.method !== "GET" && scopes.dnsEdit === false) {
      throw new ApiRefusal(403, 10000, "Authentication error");
    }
    await next();
  };
}

/** Refuses everything below `/storage/kv` to a token that may not read it. */
export function requireKvRead({ kvRead }: TokenScopes): MiddlewareHandler {
  return async (_context, next) => {
    if (kvRead === false) throw new ApiRefusal(403, 10000, "Authentication error");
    await next();
  };
}

export function seesZone(scopes: TokenScopes, zoneName: string): boolean {
  return scopes.zones?.includes(zoneName) ?? true;
}
