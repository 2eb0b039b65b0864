import type Cloudflare from "cloudflare";
import { Hono, type Context } from "hono";
import { ApiRefusal, cannotRoute } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { success } from "./envelope.ts";
import { isId, newId, timestamp } from "./identifiers.ts";
import { isWithin } from "../../../src/spec/host-name.ts";
import { normaliseHost } from "./record-name.ts";
import { readJsonObject, readText, refuseUnknownFields, type JsonObject } from "./request-body.ts";
import type { StoredCustomDomain, StoredRecord, StoredState, StoredZone } from "./stored-state.ts";

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
    const domain = attach(store, await readJsonObject(context));
    return context.json(success(renderDomain(domain)));
  });
  routes.get(`${DOMAINS}/:id`, (context) => context.json(success(renderDomain(findDomain(store, context)))));
  routes.delete(`${DOMAINS}/:id`, (context) => {
    const domain = findDomain(store, context);
    const customDomains = store.state.customDomains.filter((other) => other !== domain);
    const state = withRecords(store.state, domain.zoneId, (records) =>
      records.filter(({ id }) => id !== domain.recordId),
    );
    store.commit({ ...state, customDomains });
    return context.json(success({ id: domain.id }));
  });
  return routes;
}

/** Binds hostname and script; the same binding twice is one. */
function attach(store: CloudflareStore, body: JsonObject): StoredCustomDomain {
  refuseUnknownFields(body, ["hostname", "service", "zone_id", "zone_name", "environment"]);
  const hostname = normaliseHost(readText(body, "hostname"));
  const service = readText(body, "service");
  if (hostname === undefined || hostname.startsWith("*.")) {
    throw new ApiRefusal(400, 100115, "Custom domains must be a hostname without wildcard.");
  }
  if (store.script(service) === undefined) {
    throw new ApiRefusal(404, 10007, "This Worker does not exist on your account.");
  }
  const zone = findZoneOf(store, hostname, body);
  const existing = store.state.customDomains.find((domain) => domain.hostname === hostname);
  if (existing !== undefined) {
    if (existing.service === service) return existing;
    throw new ApiRefusal(409, 100116, `Hostname "${hostname}" is already in use by other custom domain.`);
  }
  if (zone.records.some(({ name, type }) => name === hostname && ["A", "AAAA", "CNAME"].includes(type))) {
    throw new ApiRefusal(
      409,
      100117,
      `Hostname "${hostname}" already has externally managed DNS records (A, CNAME, etc).`,
    );
  }
  const record = placeholderRecord(hostname, service);
  const domain: StoredCustomDomain = {
    id: newId(),
    hostname,
    service,
    zoneId: zone.id,
    zoneName: zone.name,
    certId: newId(),
    recordId: record.id,
  };
  const state = withRecords(store.state, zone.id, (records) => [...records, record]);
  store.commit({ ...state, customDomains: [...state.customDomains, domain] });
  return domain;
}

function findZoneOf(store: CloudflareStore, hostname: string, body: JsonObject): StoredZone {
  const zone = store.state.zones.find(
    ({ id, name }) =>
      isWithin(hostname, name) && (body["zone_id"] ?? id) === id && (body["zone_name"] ?? name) === name,
  );
  if (zone === undefined) throw new ApiRefusal(400, 100114, `No zone of the account holds "${hostname}".`);
  return zone;
}

/** The record that comes with a custom domain: AAAA `100::` is from memory. */
function placeholderRecord(hostname: string, service: string): StoredRecord {
  const now = timestamp();
  return {
    id: newId(),
    type: "AAAA",
    name: hostname,
    content: "100::",
    ttl: 1,
    proxied: true,
    settings: {},
    comment: null,
    workerService: service,
    createdOn: now,
    modifiedOn: now,
  };
}

function withRecords(
  state: StoredState,
  zoneId: string,
  change: (records: readonly StoredRecord[]) => readonly StoredRecord[],
): StoredState {
  const zones = state.zones.map((zone) =>
    zone.id === zoneId ? { ...zone, records: change(zone.records), modifiedOn: timestamp() } : zone,
  );
  return { ...state, zones };
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
