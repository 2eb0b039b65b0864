import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { chooseEngine } from "../../../infra/sandbox/program/choose-engine.ts";
import { temporaryFolder } from "./run-sandbox.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Puts a program named `pulumi` before all others that answers by a shell script. */
async function withPulumi(folder: string, script: string): Promise<void> {
  const file = join(folder, "pulumi");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  vi.stubEnv("PATH", [folder, "/usr/bin", "/bin"].join(delimiter));
}

describe("the engine is chosen", () => {
  test("without a pulumi on the PATH: the local runner, or an error where it was asked for", async () => {
    await using folder = await temporaryFolder();
    vi.stubEnv("PATH", folder.path);
    expect(await chooseEngine("auto", () => undefined)).toEqual({
      kind: "local",
      reason: "there is no pulumi on the PATH",
    });
    await expect(chooseEngine("pulumi", () => undefined)).rejects.toMatchObject({ code: "tool-missing" });
  });

  test("with an older pulumi: the local runner, naming both versions", async () => {
    await using folder = await temporaryFolder();
    await withPulumi(folder.path, "echo v3.200.0");
    expect(await chooseEngine("auto", () => undefined)).toEqual({
      kind: "local",
      reason: "pulumi v3.200.0 is older than 3.252.0",
    });
  });

  test("with a provider that cannot be had: the local runner, after one try that is told", async () => {
    await using folder = await temporaryFolder();
    await withPulumi(
      folder.path,
      'case "$1 $2" in "version "*) echo v3.260.0;; "plugin ls") echo "[]";; *) exit 1;; esac',
    );
    const lines: string[] = [];
    const engine = await chooseEngine("auto", (line) => lines.push(line));
    expect(engine.kind).toBe("local");
    expect(lines).toEqual([expect.stringContaining("installing Pulumi's Cloudflare provider")]);
  });

  test("with the provider installed: the engine", async () => {
    await using folder = await temporaryFolder();
    await withPulumi(
      folder.path,
      'case "$1 $2" in "version "*) echo v3.260.0;; "plugin ls") echo \'[{"name":"cloudflare","version":"6.22.1"}]\';; *) exit 1;; esac',
    );
    expect(await chooseEngine("auto", () => undefined)).toEqual({ kind: "pulumi", version: "v3.260.0" });
  });
});
