import { Hono } from "hono";
import { ApiRefusal } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { success, type Envelope } from "./envelope.ts";
import { readJsonObject, refuseUnknownFields } from "./request-body.ts";
import type { StoredZone } from "./stored-state.ts";
import { findZone } from "./zone-routes.ts";

/** A new free zone's settings, those that bear on mail autodiscovery. */
const DEFAULT_SETTINGS: Readonly<Record<string, unknown>> = {
  always_use_https: "off",
  automatic_https_rewrites: "on",
  browser_check: "on",
  http2: "on",
  http3: "on",
  ipv6: "on",
  min_tls_version: "1.0",
  opportunistic_encryption: "on",
  security_level: "medium",
  ssl: "full",
  tls_1_3: "on",
};

interface SettingBody {
  readonly id: string;
  readonly value: unknown;
  readonly editable: boolean;
  readonly modified_on: string | null;
}

/** `/zones/{zone}/settings`: reading for the module, editing for whoever plays the owner of the zone. */
export function settingRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  routes.get("/zones/:zone/settings", (context) => {
    const zone = findZone(store, context);
    return context.json(success(Object.keys(DEFAULT_SETTINGS).map((id) => renderSetting(zone, id))));
  });
  routes.get("/zones/:zone/settings/:setting", (context) =>
    context.json(answer(findZone(store, context), context.req.param("setting"))),
  );
  routes.patch("/zones/:zone/settings/:setting", async (context) => {
    const body = await readJsonObject(context);
    const zone = findZone(store, context);
    const id = context.req.param("setting");
    const former = renderSetting(zone, id);
    refuseUnknownFields(body, ["value"]);
    const value = body["value"];
    const isSwitch = former.value === "on" || former.value === "off";
    if (typeof value !== "string" || (isSwitch && value !== "on" && value !== "off")) {
      throw new ApiRefusal(400, 1007, `Invalid value for zone setting ${id}`);
    }
    store.updateZone(zone.id, ({ settings }) => ({ settings: { ...settings, [id]: value } }));
    return context.json(answer(findZone(store, context), id));
  });
  return routes;
}

function answer(zone: StoredZone, id: string): Envelope<SettingBody> {
  return success(renderSetting(zone, id));
}

/** Throws 1006 for a setting that the service does not know either, and for those that the sandbox leaves out. */
function renderSetting(zone: StoredZone, id: string): SettingBody {
  if (!(id in DEFAULT_SETTINGS)) throw new ApiRefusal(400, 1006, "Unrecognized zone setting name");
  const changed = id in zone.settings;
  return {
    id,
    value: changed ? zone.settings[id] : DEFAULT_SETTINGS[id],
    editable: true,
    modified_on: changed ? zone.modifiedOn : null,
  };
}
