import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Prints the modules of other packages that an import of the file brings with it. */
const LIST_PACKAGES = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({
    load: (url, context, next) => {
      if (url.includes("/node_modules/")) loaded.push(url);
      return next(url, context);
    },
  });
  await import(process.argv[1]);
  console.log(JSON.stringify(loaded));
`;

async function packagesOf(file: string): Promise<readonly string[]> {
  const path = join(import.meta.dirname, "../../src", file);
  const script = ["--input-type=module", "--eval", LIST_PACKAGES, path];
  const { stdout } = await promisify(execFile)(process.execPath, script);
  return JSON.parse(stdout) as readonly string[];
}

test("a run without a change loads no library for its providers", async () => {
  expect(await packagesOf("components/provider.ts")).toEqual([]);
  // What an order loads is seen, so an empty list says something.
  expect((await packagesOf("adapters/acme/acme-client.ts")).length).toBeGreaterThan(10);
});
