import { createHash } from "node:crypto";
import type { StoredScript } from "./stored-state.ts";

const MODULE_NAME = "worker.mjs";

/** Returns a script of somebody else: a Worker that answers every request with its own name. */
export function foreignScript(name: string, createdOn: string): StoredScript {
  const source = `export default { fetch: () => new Response(${JSON.stringify(name)}) };\n`;
  return {
    name,
    mainModule: MODULE_NAME,
    hasModules: true,
    modules: [
      {
        name: MODULE_NAME,
        contentType: "application/javascript+module",
        base64: Buffer.from(source).toString("base64"),
      },
    ],
    bindings: [],
    compatibilityDate: "2026-01-01",
    compatibilityFlags: [],
    logpush: false,
    usageModel: "standard",
    etag: createHash("sha256").update(source).digest("hex"),
    workersDev: { enabled: false, previewsEnabled: false },
    createdOn,
    modifiedOn: createdOn,
  };
}
