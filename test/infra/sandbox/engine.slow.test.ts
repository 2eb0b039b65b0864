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
    const file = join(domains, "example.yaml");
    const spec = "mailServer: { host: mail.example.test, addresses: [203.0.113.25, 2001:db8::25] }";
    await writeFile(file, `domain: example.test\n${spec}\n`);
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

      const first = await pulumi(["preview"]);
      expect(first).toMatch(/\+ 33 to create/);
      for (const client of ["Thunderbird", "Outlook", "Evolution", "Apple Mail"])
        expect(first).toContain(client);
      expect(stored()).toEqual([]);
      await pulumi(["up", "--yes", "--skip-preview"]);
      const records = stored();
      expect(records).toHaveLength(15);

      expect(await pulumi(["preview", "--expect-no-changes"])).not.toContain("Thunderbird");
      await pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
      await pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
      expect(stored()).toEqual(records);
      expect(sandbox.pebble.requests().orders).toBe(1);

      // What gets worse for a client is a warning: without IMAP there is nothing left that it reads.
      await writeFile(file, `domain: example.test\n${spec.replace(" }", ", imap: false, pop3: {} }")}\n`);
      const worse = await pulumi(["preview"]);
      expect(worse).toMatch(/warning:.*Thunderbird for Android/);
      await writeFile(file, `domain: example.test\n${spec}\n`);

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
