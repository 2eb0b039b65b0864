import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSandboxInventory } from "../../../infra/sandbox/inventory.ts";
import { openPulumiStack, pulumiVersion } from "../../../infra/sandbox/program/deploy-with-pulumi.ts";
import { sandboxConfig, startSandbox } from "../../../infra/sandbox/sandbox.ts";
import { temporaryFolder } from "./run-sandbox.ts";

const version = await pulumiVersion();
if (version === undefined)
  console.log("skipped: the engine's own commands, as there is no pulumi on the PATH");

describe.skipIf(version === undefined)("a real engine with the real provider", () => {
  test("previews, deploys, refreshes without a difference, and destroys all that it made", async () => {
    await using folder = await temporaryFolder();
    const domains = join(folder.path, "domains");
    await mkdir(domains);
    await writeFile(
      join(domains, "example.yaml"),
      "domain: example.test\nmailServer: { host: mail.example.test, addresses: [203.0.113.25, 2001:db8::25] }\n",
    );
    const state = join(folder.path, "state");
    const inventory = await readSandboxInventory(domains, undefined);
    const sandbox = await startSandbox(
      { domains, preload: undefined, once: true, engine: "pulumi", state, address: "127.0.0.1", ports: {} },
      inventory,
      () => undefined,
    );
    try {
      const pulumi = await openPulumiStack({
        config: sandboxConfig(sandbox, domains),
        apiToken: sandbox.apiToken,
        baseUrl: sandbox.api.url,
        stateFolder: state,
        log: () => undefined,
        signal: new AbortController().signal,
      });
      const [zone] = sandbox.api.store.zones();
      const stored = (): unknown => sandbox.api.store.records(zone?.id ?? "");

      expect(await pulumi(["preview"])).toMatch(/\+ 33 to create/);
      expect(stored()).toEqual([]);
      await pulumi(["up", "--yes", "--skip-preview"]);
      const records = stored();
      expect(records).toHaveLength(15);

      await pulumi(["preview", "--expect-no-changes"]);
      await pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
      await pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
      expect(stored()).toEqual(records);
      expect(sandbox.pebble.requests().orders).toBe(1);

      const exported = await pulumi(["stack", "export"]);
      expect(exported).not.toContain("PRIVATE KEY");
      expect(exported).not.toContain(sandbox.apiToken);

      await pulumi(["destroy", "--yes", "--skip-preview"]);
      expect(stored()).toEqual([]);
      expect(sandbox.api.store.scripts().size).toBe(0);
      expect(sandbox.api.store.routes(zone?.id ?? "")).toEqual([]);
    } finally {
      await sandbox.close();
    }
  });
});
