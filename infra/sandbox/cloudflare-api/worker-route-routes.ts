import type Cloudflare from "cloudflare";
import { Hono, type Context } from "hono";
import { ApiRefusal, cannotRoute } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { success } from "./envelope.ts";
import { isId, newId } from "./identifiers.ts";
import { readWorkerRoute } from "./read-worker-route.ts";
import { readJsonObject } from "./request-body.ts";
import type { StoredRoute, StoredZone } from "./stored-state.ts";
import { findZone } from "./zone-routes.ts";

const ROUTES = "/zones/:zone/workers/routes";

/** Which URLs of a zone go to which script. */
export function workerRouteRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  routes.get(ROUTES, (context) => context.json(success(findZone(store, context).routes.map(renderRoute))));
  routes.post(ROUTES, async (context) => {
    const body = await readJsonObject(context);
    const zone = findZone(store, context);
    const route: StoredRoute = { id: newId(), ...readWorkerRoute(store.state, zone, body) };
    store.updateZone(zone.id, () => ({ routes: [...zone.routes, route] }));
    return context.json(success(renderRoute(route)));
  });
  routes.get(`${ROUTES}/:id`, (context) =>
    context.json(success(renderRoute(findRoute(findZone(store, context), context)))),
  );
  routes.put(`${ROUTES}/:id`, async (context) => {
    const body = await readJsonObject(context);
    const zone = findZone(store, context);
    const former = findRoute(zone, context);
    const route: StoredRoute = { id: former.id, ...readWorkerRoute(store.state, zone, body, former) };
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
