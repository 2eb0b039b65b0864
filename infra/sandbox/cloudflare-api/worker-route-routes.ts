import type Cloudflare from "cloudflare";
import { Hono, type Context } from "hono";
import { ApiRefusal, cannotRoute } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { success } from "./envelope.ts";
import { isId, newId } from "./identifiers.ts";
import { isWithin } from "../../../src/spec/host-name.ts";
import { readJsonObject, readText, refuseUnknownFields } from "./request-body.ts";
import type { StoredRoute, StoredZone } from "./stored-state.ts";
import { findZone } from "./zone-routes.ts";

const ROUTES = "/zones/:zone/workers/routes";

/** Which URLs of a zone go to which script. */
export function workerRouteRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  routes.get(ROUTES, (context) => context.json(success(findZone(store, context).routes.map(renderRoute))));
  routes.post(ROUTES, async (context) => {
    const wanted = await readRoute(context, store);
    const zone = findZone(store, context);
    refuseDuplicate(zone.routes, wanted.pattern);
    const route: StoredRoute = { id: newId(), ...wanted };
    store.updateZone(zone.id, () => ({ routes: [...zone.routes, route] }));
    return context.json(success(renderRoute(route)));
  });
  routes.get(`${ROUTES}/:id`, (context) =>
    context.json(success(renderRoute(findRoute(findZone(store, context), context)))),
  );
  routes.put(`${ROUTES}/:id`, async (context) => {
    const wanted = await readRoute(context, store);
    const zone = findZone(store, context);
    const former = findRoute(zone, context);
    const others = zone.routes.filter((other) => other !== former);
    refuseDuplicate(others, wanted.pattern);
    const route: StoredRoute = { id: former.id, ...wanted };
    store.updateZone(zone.id, () => ({
      routes: zone.routes.map((other) => (other === former ? route : other)),
    }));
    return context.json(success(renderRoute(route)));
  });
  routes.delete(`${ROUTES}/:id`, (context) => {
    const zone = findZone(store, context);
    const route = findRoute(zone, context);
    store.updateZone(zone.id, () => ({ routes: zone.routes.filter((other) => other !== route) }));
    return context.json(success({ id: route.id }));
  });
  return routes;
}

function renderRoute({ id, pattern, script }: StoredRoute): Cloudflare.Workers.RouteGetResponse {
  return { id, pattern, ...(script === undefined ? {} : { script }) };
}

function findRoute(zone: StoredZone, context: Context): StoredRoute {
  const id = context.req.param("id") ?? "";
  if (!isId(id)) throw cannotRoute(context.req.path);
  const route = zone.routes.find((candidate) => candidate.id === id);
  if (route === undefined) throw new ApiRefusal(404, 10009, "workers.api.error.not_found");
  return route;
}

function refuseDuplicate(routes: readonly StoredRoute[], pattern: string): void {
  if (routes.some((route) => route.pattern === pattern)) {
    throw new ApiRefusal(409, 10020, "A route with the same pattern already exists.");
  }
}

async function readRoute(context: Context, store: CloudflareStore): Promise<Omit<StoredRoute, "id">> {
  const body = await readJsonObject(context);
  refuseUnknownFields(body, ["pattern", "script"]);
  const pattern = readText(body, "pattern");
  const zone = findZone(store, context);
  refuseBadPattern(pattern, zone.name);
  const script = body["script"];
  if (script === undefined || script === null || script === "") return { pattern };
  if (typeof script !== "string" || store.script(script) === undefined) {
    // Probed at the service: alchemy-run/distilled#368 (2026-07-08); the HTTP status is not in that report.
    throw new ApiRefusal(
      400,
      10019,
      "Cannot configure a route for a Worker which does not exist. Please ensure this Worker exists and try again.",
    );
  }
  return { pattern, script };
}

/** `*` only at the start of the host or the end of the path, no query; the codes are from memory. */
function refuseBadPattern(pattern: string, zoneName: string): void {
  const parts = /^(?:https?:\/\/)?([^/?]+)(\/[^?]*)?$/i.exec(pattern);
  const [, host, path = ""] = parts ?? [];
  if (host === undefined) throw new ApiRefusal(400, 10022, `Invalid route pattern "${pattern}".`);
  if (host.slice(1).includes("*") || path.slice(0, -1).includes("*")) {
    throw new ApiRefusal(400, 10022, "Route patterns may only have * at their start or end.");
  }
  if (!isWithin(host.replace(/^\*\.?/, "").toLowerCase(), zoneName)) {
    throw new ApiRefusal(400, 10022, `Route pattern "${pattern}" does not belong to zone ${zoneName}.`);
  }
}
