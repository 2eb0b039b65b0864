import { Hono } from "hono";
import { ApiRefusal } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { success } from "./envelope.ts";
import { readScriptUpload } from "./read-script-upload.ts";
import { readJsonObject, refuseUnknownFields } from "./request-body.ts";
import { renderContent, renderScript, renderSettings } from "./script-body.ts";
import type { StoredScript } from "./stored-state.ts";

const SCRIPTS = "/accounts/:account/workers/scripts";

/** Worker scripts, their settings and content, and whether they answer on workers.dev. */
export function scriptRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  const keep = (script: StoredScript): void => {
    const others = store.state.scripts.filter(({ name }) => name !== script.name);
    const scripts = [...others, script].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    store.commit({ ...store.state, scripts });
  };
  const setWorkersDev = (name: string, enabled: boolean, previewsEnabled: boolean): void => {
    keep({ ...findScript(store, name), workersDev: { enabled, previewsEnabled } });
  };

  routes.get(SCRIPTS, (context) => context.json(success(store.state.scripts.map(renderScript))));
  // An unconditional PUT: whoever uploads last owns the name.
  routes.put(`${SCRIPTS}/:script`, async (context) => {
    const script = await readScriptUpload(context, context.req.param("script"), store);
    keep(script);
    return context.json(success(renderScript(script)));
  });
  for (const path of [`${SCRIPTS}/:script`, `${SCRIPTS}/:script/content`, `${SCRIPTS}/:script/content/v2`]) {
    routes.get(path, (context) => renderContent(findScript(store, context.req.param("script") ?? "")));
  }
  routes.delete(`${SCRIPTS}/:script`, (context) => {
    const { name } = findScript(store, context.req.param("script"));
    const scripts = store.state.scripts.filter((script) => script.name !== name);
    store.commit({ ...store.state, scripts });
    return context.json(success({ id: name }));
  });
  routes.get(`${SCRIPTS}/:script/settings`, (context) =>
    context.json(success(renderSettings(findScript(store, context.req.param("script"))))),
  );
  routes.get("/accounts/:account/workers/services/:script", (context) => {
    const script = store.script(context.req.param("script"));
    if (script === undefined) {
      throw new ApiRefusal(404, 10090, "workers.api.error.service_not_found");
    }
    return context.json(
      success({
        id: script.name,
        created_on: script.createdOn,
        modified_on: script.modifiedOn,
        default_environment: {
          environment: "production",
          created_on: script.createdOn,
          modified_on: script.modifiedOn,
          script: renderScript(script),
        },
      }),
    );
  });

  routes.get(`${SCRIPTS}/:script/subdomain`, (context) =>
    context.json(success(renderWorkersDev(findScript(store, context.req.param("script"))))),
  );
  routes.post(`${SCRIPTS}/:script/subdomain`, async (context) => {
    const body = await readJsonObject(context);
    refuseUnknownFields(body, ["enabled", "previews_enabled"]);
    const { enabled, previews_enabled: previews = enabled } = body;
    if (typeof enabled !== "boolean" || typeof previews !== "boolean") {
      throw new ApiRefusal(400, 10001, '"enabled" and "previews_enabled" must be booleans.');
    }
    setWorkersDev(context.req.param("script"), enabled, previews);
    return context.json(success({ enabled, previews_enabled: previews }));
  });
  routes.delete(`${SCRIPTS}/:script/subdomain`, (context) => {
    setWorkersDev(context.req.param("script"), false, false);
    return context.json(success({ enabled: false, previews_enabled: false }));
  });
  routes.get("/accounts/:account/workers/subdomain", (context) => {
    if (store.workersSubdomain === null) {
      throw new ApiRefusal(404, 10007, "workers.api.error.subdomain_not_found");
    }
    return context.json(success({ subdomain: store.workersSubdomain }));
  });
  return routes;
}

function findScript(store: CloudflareStore, name: string): StoredScript {
  const script = store.script(name);
  if (script === undefined) {
    throw new ApiRefusal(404, 10007, "This Worker does not exist on your account.");
  }
  return script;
}

function renderWorkersDev({ workersDev }: StoredScript): { enabled: boolean; previews_enabled: boolean } {
  return { enabled: workersDev.enabled, previews_enabled: workersDev.previewsEnabled };
}
