/** `verify --changes` as cron would run it, against real servers of which one breaks and is mended. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MECHANISM_SCENARIOS } from "../../scenarios/mechanism-scenarios.ts";
import {
  openScenarioCertificates,
  type ScenarioCertificates,
} from "../../scenarios/scenario-certificates.ts";
import { RESPONDER } from "../../scenarios/scenario.ts";
import { startScenario, type RunningScenario } from "../../scenarios/start-scenario.ts";
import { runCommand } from "../run-command.ts";

let folder: string;
let certificates: ScenarioCertificates;
let running: RunningScenario;
let isBroken = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "changes-"));
  certificates = await openScenarioCertificates();
  const world = MECHANISM_SCENARIOS.find(({ title }) => title === "our plan")?.world;
  const responder = world?.servers?.[RESPONDER];
  if (world === undefined || responder?.https === undefined) throw new RangeError("There is no plan.");
  const { https } = responder;
  running = await startScenario(
    {
      ...world,
      servers: {
        ...world.servers,
        [RESPONDER]: { ...responder, https: (...asked) => (isBroken ? { status: 401 } : https(...asked)) },
      },
    },
    certificates,
  );
});
afterAll(async () => {
  await running.close();
  await certificates.close();
  await rm(folder, { recursive: true });
});

function verify(...argv: readonly string[]): ReturnType<typeof runCommand> {
  const { resolver, authoritative, caFile, connectTo } = running;
  const rules = connectTo.flatMap((rule) => ["--connect-to", rule]);
  const network = ["--resolver", resolver, "--authoritative", authoritative, "--ca-file", caFile];
  return runCommand(["verify", "example.test", ...network, "--allow-private", ...rules, ...argv]);
}

test("tells what is new, then nothing, then what broke and what was mended; the exit code is that of the whole", async () => {
  const file = join(folder, "kept.json");
  const first = await verify("--changes", file);
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(/^example\.test\n/);

  expect(await verify("--changes", file)).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });

  isBroken = true;
  const broken = await verify("--changes", file);
  expect(broken.exitCode).toBe(1);
  expect(broken.stdout).toMatch(/^FAIL {2}.*HTTP 401: asks for a password$/m);
  const again = await verify("--changes", file);
  expect(again).toMatchObject({ exitCode: 1, stdout: "" });

  isBroken = false;
  const mended = await verify("--changes", file);
  expect(mended.exitCode).toBe(0);
  expect(mended.stdout).not.toMatch(/^FAIL/m);
  expect(mended.stdout).toContain("before: fail, HTTP 401: asks for a password");
  expect(await readdir(folder)).toEqual(["kept.json"]);
});

test("a file that holds something else is refused before anything is looked at, and kept", async () => {
  const file = join(folder, "other.json");
  await writeFile(file, '{"version":2}');
  const { exitCode, stderr, stdout } = await verify("--changes", file);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain("cannot keep the report");
});

test("the text of changes and JSON want one output", async () => {
  const { exitCode, stderr } = await verify("--changes", join(folder, "x.json"), "--json");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--changes and --json want the standard output");
});
