import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../run-command.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "serve-"));
  await writeFile(join(folder, "broken.yaml"), "domain: 7\n");
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["without a folder", []],
  ["with an address that has no port", ["--domains", "x", "--listen", "127.0.0.1"]],
  ["with a host name for an address", ["--domains", "x", "--listen", "localhost:80"]],
  ["with a port that is none", ["--domains", "x", "--http", "[::]:65536"]],
  ["with a path that is none", ["--domains", "x", "--health", "health"]],
  ["with a folder that is not there", ["--domains", "/nonexistent/domains"]],
])("serve %s is wrong usage", async (_, argv) => {
  const { exitCode, stdout, stderr } = await runCommand(["serve", ...argv]);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).not.toBe("");
});

test("serve with a folder of certificates that is not there is wrong usage", async () => {
  await writeFile(join(folder, "good.yaml"), "domain: example.com\nmailServer: { host: mail.example.com }\n");
  const argv = ["--domains", folder, "--listen", "127.0.0.1:0", "--certificate", "/nonexistent/certificates"];
  const { exitCode, stderr } = await runCommand(["serve", ...argv]);
  await rm(join(folder, "good.yaml"));
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringContaining("Cannot read the certificates in /nonexistent"),
  ]);
});

test("serve with no usable domain file ends with 1 and shows every problem", async () => {
  const { exitCode, stderr } = await runCommand(["serve", "--domains", folder, "--listen", "127.0.0.1:0"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("broken.yaml");
  expect(stderr).toContain("no usable domain file");
});
