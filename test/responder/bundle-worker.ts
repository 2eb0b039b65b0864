import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Returns the Worker's script as the build makes it, of the sources as they are now. */
export async function bundleWorker(): Promise<string> {
  const built = await build({
    entryPoints: [fileURLToPath(new URL("../../src/responder/worker.ts", import.meta.url))],
    write: false,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    minify: true,
    legalComments: "none",
    conditions: ["workerd", "worker", "browser"],
  });
  return built.outputFiles[0]?.text ?? "";
}
