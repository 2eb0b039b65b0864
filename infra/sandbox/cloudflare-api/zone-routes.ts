import { Hono, type Context } from "hono";
import { ApiRefusal, cannotRoute } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { paginate, success } from "./envelope.ts";
import { isId } from "./identifiers.ts";
import type { StoredZone } from "./stored-state.ts";
import { seesZone, type TokenScopes } from "./token-scopes.ts";
import { renderZone } from "./zone-body.ts";

/** The service allows 50 a page (cloudflare-docs, Zones API). */
const PAGE_LIMITS = { fallback: 20, maximum: 50 };

/** `/zones`, read only: a module must never own a zone. */
export function zoneRoutes(store: CloudflareStore, scopes: TokenScopes): Hono {
  const routes = new Hono();
  routes.get("/zones", (context) => {
    const query = context.req.query();
    const found = store.state.zones.filter(
      (zone) =>
        zone.account === undefined && seesZone(scopes, zone.name) && isAskedFor(zone, query, store.accountId),
    );
    const sorted = query["direction"] === "desc" ? found.toReversed() : found;
    const page = paginate(sorted, query, PAGE_LIMITS);
    return context.json({
      ...page,
      result: page.result.map((zone) => renderZone(zone, store.accountId, scopes)),
    });
  });
  routes.get("/zones/:zone", (context) =>
    context.json(success(renderZone(findZone(store, context), store.accountId, scopes))),
  );
  return routes;
}

/**
 * Returns the zone of the request's path.
 *
 * @throws ApiRefusal 404/7003 for a malformed id, 403/9109 for one of another account, or of none.
 */
export function findZone(store: CloudflareStore, context: Context): StoredZone {
  const id = context.req.param("zone") ?? "";
  if (!isId(id)) throw cannotRoute(context.req.path);
  const zone = store.zone(id);
  if (zone?.account !== undefined || zone === undefined)
    throw new ApiRefusal(403, 9109, "Unauthorized to access requested resource");
  return zone;
}

function isAskedFor(zone: StoredZone, query: Readonly<Record<string, string>>, accountId: string): boolean {
  const tests: Readonly<Record<string, string>> = {
    name: zone.name,
    status: "active",
    type: "full",
    "account.id": accountId,
    "account.name": "Sandbox",
  };
  return Object.entries(tests).every(([key, value]) => {
    const wanted = query[key];
    return wanted === undefined || wanted.toLowerCase() === value.toLowerCase();
  });
}
