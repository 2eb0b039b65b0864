import type Cloudflare from "cloudflare";
import { Hono, type Context } from "hono";
import { ApiRefusal, cannotRoute } from "./api-refusal.ts";
import { attachCustomDomain, detachCustomDomain } from "./attach-custom-domain.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { success } from "./envelope.ts";
import { isId } from "./identifiers.ts";
import { readJsonObject } from "./request-body.ts";
import type { StoredCustomDomain } from "./stored-state.ts";

const DOMAINS = "/accounts/:account/workers/domains";

/** Hostnames given to a script as a whole, with their DNS record and certificate. */
export function customDomainRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  routes.get(DOMAINS, (context) => {
    const query = context.req.query();
    const found = store.state.customDomains
      .map(renderDomain)
      .filter((domain) =>
        Object.entries(domain).every(([key, value]) => query[key] === undefined || query[key] === value),
      );
    return context.json(success(found));
  });
  routes.put(DOMAINS, async (context) => {
    const { state, domain } = attachCustomDomain(store.state, await readJsonObject(context));
    store.commit(state);
    return context.json(success(renderDomain(domain)));
  });
  routes.get(`${DOMAINS}/:id`, (context) => context.json(success(renderDomain(findDomain(store, context)))));
  routes.delete(`${DOMAINS}/:id`, (context) => {
    const domain = findDomain(store, context);
    store.commit(detachCustomDomain(store.state, domain));
    return context.json(success({ id: domain.id }));
  });
  return routes;
}

function findDomain(store: CloudflareStore, context: Context): StoredCustomDomain {
  const id = context.req.param("id") ?? "";
  if (!isId(id)) throw cannotRoute(context.req.path);
  const domain = store.state.customDomains.find((candidate) => candidate.id === id);
  if (domain === undefined) throw new ApiRefusal(404, 100111, "Custom domain not found.");
  return domain;
}

function renderDomain(domain: StoredCustomDomain): Cloudflare.Workers.DomainGetResponse {
  return {
    id: domain.id,
    zone_id: domain.zoneId,
    zone_name: domain.zoneName,
    hostname: domain.hostname,
    service: domain.service,
    environment: "production",
    cert_id: domain.certId,
  };
}
