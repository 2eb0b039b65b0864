import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSandboxInventory } from "../../../infra/sandbox/inventory.ts";
import { openPulumiStack, pulumiVersion } from "../../../infra/sandbox/program/deploy-with-pulumi.ts";
import { sandboxConfig, startSandbox } from "../../../infra/sandbox/sandbox.ts";
import { temporaryFolder } from "./run-sandbox.ts";

const version = await pulumiVersion();
if (version === undefined)
  console.log("skipped: isolation of domains on a real engine, as there is no pulumi on the PATH");

describe.skipIf(version === undefined)("on a real engine", () => {
  test("a domain that its CAA records forbid does not stop another one's certificate", async () => {
    await using folder = await temporaryFolder();
    const domains = join(folder.path, "domains");
    const preload = join(folder.path, "preload.json");
    const state = join(folder.path, "state");
    await mkdir(domains);
    for (const domain of ["blocked.test", "example.test"]) {
      await writeFile(
        join(domains, `${domain}.yaml`),
        `domain: ${domain}\nmailServer: { host: mail.${domain}, addresses: [203.0.113.25] }\n`,
      );
    }
    const caa = {
      type: "CAA",
      name: "blocked.test",
      data: { flags: 0, tag: "issue", value: "ca.example.net" },
    };
    await writeFile(
      preload,
      JSON.stringify([
        { zone: "blocked.test", records: [caa] },
        { zone: "example.test", records: [] },
      ]),
    );
    const sandbox = await startSandbox(
      { domains, preload, once: true, engine: "pulumi", state, address: "127.0.0.1", ports: {} },
      await readSandboxInventory(domains, preload),
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
      const failed = await pulumi(["up", "--yes", "--skip-preview", "--continue-on-error"]).then(
        () => "nothing failed",
        (error: unknown) => (error as Error).message,
      );
      expect(failed).toContain("blocked.test");
      expect(failed).toContain("ca.example.net");
      const chain = await readFile(join(sandbox.certificateDirectory, "example.test/fullchain.pem"), "utf8");
      expect(chain).toContain("BEGIN CERTIFICATE");
      // Found before any order: none was spent on the domain that cannot have one.
      expect(sandbox.pebble.requests().orders).toBe(1);
    } finally {
      await sandbox.close();
    }
  });
});
