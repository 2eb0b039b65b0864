import type Cloudflare from "cloudflare";
import { Hono } from "hono";
import { applyBatch } from "./apply-batch.ts";
import { createRecord, deleteRecord, findRecord, patchRecord, replaceRecord } from "./change-records.ts";
import type { RecordChange } from "./change-records.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { paginate, success } from "./envelope.ts";
import { isId } from "./identifiers.ts";
import { cannotRoute } from "./api-refusal.ts";
import { listRecords } from "./list-records.ts";
import { renderRecord } from "./record-body.ts";
import { readJsonObject } from "./request-body.ts";
import type { StoredZone } from "./stored-state.ts";
import { planLimits } from "./zone-plan.ts";
import { zoneRules } from "./zone-rules.ts";
import { findZone } from "./zone-routes.ts";

const PAGE_LIMITS = { fallback: 100, maximum: 50_000 };

/** `/zones/{zone}/dns_records`. */
export function recordRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  const keep = (zone: StoredZone, change: RecordChange): ReturnType<typeof renderRecord> => {
    store.updateZone(zone.id, () => ({ records: change.records }));
    return renderRecord(change.record);
  };

  routes.get("/zones/:zone/dns_records", (context) => {
    const zone = findZone(store, context);
    const query = context.req.query();
    const page = paginate(listRecords(zone.records, query), query, PAGE_LIMITS);
    return context.json({ ...page, result: page.result.map(renderRecord) });
  });
  routes.get("/zones/:zone/dns_records/usage", (context) => {
    const zone = findZone(store, context);
    const usage: Cloudflare.DNS.Usage.ZoneGetResponse = {
      record_quota: planLimits(zone).records,
      record_usage: zone.records.length,
    };
    return context.json(success(usage));
  });
  routes.post("/zones/:zone/dns_records", async (context) => {
    const body = await readJsonObject(context);
    const zone = findZone(store, context);
    return context.json(success(keep(zone, createRecord(zone.records, body, zoneRules(store.state, zone)))));
  });
  routes.post("/zones/:zone/dns_records/batch", async (context) => {
    const body = await readJsonObject(context);
    const zone = findZone(store, context);
    const { records, result } = applyBatch(zone.records, body, zoneRules(store.state, zone));
    store.updateZone(zone.id, () => ({ records }));
    return context.json(success(result));
  });
  routes.get("/zones/:zone/dns_records/:id", (context) => {
    const zone = findZone(store, context);
    return context.json(success(renderRecord(findRecord(zone.records, recordId(context.req)))));
  });
  routes.put("/zones/:zone/dns_records/:id", async (context) => {
    const body = await readJsonObject(context);
    const zone = findZone(store, context);
    const change = replaceRecord(zone.records, recordId(context.req), body, zoneRules(store.state, zone));
    return context.json(success(keep(zone, change)));
  });
  routes.patch("/zones/:zone/dns_records/:id", async (context) => {
    const body = await readJsonObject(context);
    const zone = findZone(store, context);
    const change = patchRecord(zone.records, recordId(context.req), body, zoneRules(store.state, zone));
    return context.json(success(keep(zone, change)));
  });
  routes.delete("/zones/:zone/dns_records/:id", (context) => {
    const zone = findZone(store, context);
    const { id } = keep(zone, deleteRecord(zone.records, recordId(context.req)));
    return context.json(success({ id }));
  });
  return routes;
}

function recordId(request: { readonly path: string; param(key: "id"): string }): string {
  const id = request.param("id");
  if (!isId(id)) throw cannotRoute(request.path);
  return id;
}
