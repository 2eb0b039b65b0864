import { build } from "esbuild";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Bundles the responder into one ES module, the form in which Cloudflare takes a Worker. */
await build({
  entryPoints: [join(root, "src/responder/worker.ts")],
  outfile: join(root, "dist/worker.mjs"),
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2024",
  minify: true,
  legalComments: "none",
  conditions: ["workerd", "worker", "browser"],
});
