import { createHash } from "node:crypto";
import type { Context } from "hono";
import { ApiRefusal } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { timestamp } from "./identifiers.ts";
import { readForm, type FormParts } from "./read-form.ts";
import { isJsonObject, type JsonObject } from "./request-body.ts";
import type { StoredBinding, StoredModule, StoredScript } from "./stored-state.ts";

const SCRIPT_NAME = /^[a-z0-9_][a-z0-9_-]{0,62}$/;
const COMPATIBILITY_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** What a script without a date gets: the behaviour before dates existed (cloudflare-docs, compatibility dates). */
const OLDEST_COMPATIBILITY_DATE = "2021-11-02";

/**
 * Returns the script that an upload describes: parts with code, and one part `metadata` in JSON.
 *
 * The documented call `client.workers.scripts.update(name, { metadata, files })` of SDK 7 sends neither: its content type is
 * `application/javascript`, its parts `metadata[key]` and `files[]`. The service takes that for code and answers 10021
 * (cloudflare-typescript#2799, open on 2026-08-25), and so does this.
 *
 * @throws ApiRefusal 10021 and its siblings for an upload that the service would not start.
 */
export async function readScriptUpload(
  context: Context,
  name: string,
  store: CloudflareStore,
): Promise<StoredScript> {
  if (!SCRIPT_NAME.test(name)) throw new ApiRefusal(400, 10016, `Invalid Worker name "${name}".`);
  if (!(context.req.header("content-type") ?? "").startsWith("multipart/form-data")) {
    throw new ApiRefusal(400, 10021, "Uncaught SyntaxError: the body is not multipart/form-data.");
  }
  const parts = await readForm(context);
  const metadata = await readMetadata(parts);
  const modules = await readModules(parts);
  const hasModules = typeof metadata["main_module"] === "string";
  const entry = metadata["main_module"] ?? metadata["body_part"];
  const main = modules.find((module) => module.name === entry);
  if (main === undefined) throw new ApiRefusal(400, 10021, `No such module "${String(entry)}".`);
  const former = store.script(name);
  const now = timestamp();
  const code = {
    name,
    mainModule: main.name,
    hasModules,
    modules: [main, ...modules.filter((module) => module !== main)],
    bindings: readBindings(metadata["bindings"], store),
    compatibilityDate: readDate(metadata["compatibility_date"]),
    compatibilityFlags: readTexts(metadata["compatibility_flags"]),
    ...(isJsonObject(metadata["observability"]) ? { observability: metadata["observability"] } : {}),
    logpush: metadata["logpush"] === true,
    usageModel: "standard",
  };
  return {
    ...code,
    etag: createHash("sha256").update(JSON.stringify(code)).digest("hex"),
    // A script that comes through the API is not on workers.dev until somebody asks for it.
    workersDev: former?.workersDev ?? { enabled: false, previewsEnabled: false },
    createdOn: former?.createdOn ?? now,
    modifiedOn: now,
  };
}

async function readMetadata(parts: FormParts): Promise<JsonObject> {
  const part = parts.find(([name]) => name === "metadata")?.[1];
  if (part === undefined) throw new ApiRefusal(400, 10021, "could not read content for part metadata");
  try {
    const value: unknown = JSON.parse(typeof part === "string" ? part : await part.text());
    if (isJsonObject(value)) return value;
  } catch {
    // Falls through to the one refusal below.
  }
  throw new ApiRefusal(400, 10021, "The part metadata is not a JSON object.");
}

async function readModules(parts: FormParts): Promise<readonly StoredModule[]> {
  return Promise.all(
    parts
      .filter(([name]) => name !== "metadata")
      .map(async ([name, part]) => {
        if (typeof part === "string") {
          return { name, contentType: "application/javascript", base64: toBase64(Buffer.from(part)) };
        }
        return {
          // The part's name, not the file's, is what `main_module` means (langgenius/mosoo#427).
          name,
          contentType: part.type,
          base64: toBase64(Buffer.from(await part.arrayBuffer())),
        };
      }),
  );
}

function readBindings(value: unknown, store: CloudflareStore): readonly StoredBinding[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ApiRefusal(400, 10021, "bindings must be a list.");
  return value.map((binding: unknown) => {
    if (
      !isJsonObject(binding) ||
      typeof binding["name"] !== "string" ||
      typeof binding["type"] !== "string"
    ) {
      throw new ApiRefusal(400, 10021, "A binding must have a name and a type.");
    }
    if (
      binding["type"] === "kv_namespace" &&
      store.namespace(String(binding["namespace_id"])) === undefined
    ) {
      throw new ApiRefusal(
        400,
        10041,
        `KV namespace '${String(binding["namespace_id"])}' not found for binding '${binding["name"]}'.`,
      );
    }
    return { ...binding, name: binding["name"], type: binding["type"] };
  });
}

function readDate(value: unknown): string {
  if (value === undefined) return OLDEST_COMPATIBILITY_DATE;
  if (typeof value !== "string" || !COMPATIBILITY_DATE.test(value)) {
    throw new ApiRefusal(400, 10021, "Invalid compatibility date.");
  }
  return value;
}

function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function toBase64(bytes: Buffer): string {
  return bytes.toString("base64");
}
