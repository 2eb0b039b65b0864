import type Cloudflare from "cloudflare";
import type { StoredBinding, StoredScript } from "./stored-state.ts";

type ScriptUpdateResponse = Cloudflare.Workers.ScriptUpdateResponse;
type Settings = Cloudflare.Workers.Scripts.ScriptAndVersionSettingGetResponse;

/** The service measures the script's start; here nothing is started. */
const STARTUP_TIME_MS = 5;

/** Returns what an upload and the list answer of a script. */
export function renderScript(script: StoredScript): ScriptUpdateResponse {
  return {
    id: script.name,
    etag: script.etag,
    handlers: ["fetch"],
    created_on: script.createdOn,
    modified_on: script.modifiedOn,
    usage_model: "standard",
    has_assets: false,
    has_modules: script.hasModules,
    logpush: script.logpush,
    compatibility_date: script.compatibilityDate,
    compatibility_flags: [...script.compatibilityFlags],
    last_deployed_from: "api",
    startup_time_ms: STARTUP_TIME_MS,
    ...(script.observability === undefined
      ? {}
      : { observability: script.observability as NonNullable<ScriptUpdateResponse["observability"]> }),
  };
}

export function renderSettings(script: StoredScript): Settings {
  return {
    bindings: script.bindings.map(withoutSecret) as unknown as NonNullable<Settings["bindings"]>,
    compatibility_date: script.compatibilityDate,
    compatibility_flags: [...script.compatibilityFlags],
    logpush: script.logpush,
    placement: {} as NonNullable<Settings["placement"]>,
    tags: [],
    tail_consumers: [],
    usage_model: "standard",
    ...(script.observability === undefined
      ? {}
      : { observability: script.observability as NonNullable<Settings["observability"]> }),
  };
}

/** Returns the modules as one multipart body, the main module first: the provider takes the first part as the content. */
export function renderContent(script: StoredScript): Response {
  const form = new FormData();
  for (const { name, contentType, base64 } of script.modules) {
    form.append(name, new File([Buffer.from(base64, "base64")], name, { type: contentType }));
  }
  const response = new Response(form);
  response.headers.set("cf-entrypoint", script.mainModule);
  response.headers.set("etag", `"${script.etag}"`);
  return response;
}

/** Secrets are write-only. */
function withoutSecret(binding: StoredBinding): StoredBinding {
  if (binding.type !== "secret_text") return binding;
  const { text: _, ...rest } = binding;
  return { ...rest, name: binding.name, type: binding.type };
}
