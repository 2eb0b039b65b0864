/** A network that drops port 25 on its way out, as most do: the command says so, exits as without it, and waits for nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReportJson } from "../../../src/doctor/render-report-json.ts";
import { MECHANISM_SCENARIOS } from "../../scenarios/mechanism-scenarios.ts";
import {
  openScenarioCertificates,
  type ScenarioCertificates,
} from "../../scenarios/scenario-certificates.ts";
import { startDropped } from "../../scenarios/start-dropped.ts";
import type { RunningPort } from "../../scenarios/start-silence.ts";
import { startScenario, type RunningScenario } from "../../scenarios/start-scenario.ts";
import { runCommand } from "../run-command.ts";

let certificates: ScenarioCertificates;
let running: RunningScenario;
let dropped: RunningPort;

beforeAll(async () => {
  certificates = await openScenarioCertificates();
  dropped = await startDropped();
  const plan = MECHANISM_SCENARIOS.find(({ title }) => title === "our plan");
  if (plan === undefined) throw new RangeError("There is no plan.");
  running = await startScenario(plan.world, certificates);
});
afterAll(async () => {
  await running.close();
  await dropped.close();
  await certificates.close();
});

function verify(...argv: readonly string[]): ReturnType<typeof runCommand> {
  const { resolver, authoritative, caFile, connectTo } = running;
  const rules = [
    `box.example.test:25:127.0.0.1:${dropped.port}`,
    ...connectTo.filter((rule) => !rule.startsWith("box.example.test:25:")),
  ];
  return runCommand([
    "verify",
    "example.test",
    "--resolver",
    resolver,
    "--authoritative",
    authoritative,
    "--ca-file",
    caFile,
    "--allow-private",
    ...rules.flatMap((rule) => ["--connect-to", rule]),
    ...argv,
  ]);
}

test("is told once and aside", async () => {
  const { exitCode, stdout } = await verify("--json");
  const findings = (JSON.parse(stdout) as ReportJson).domains[0]?.findings ?? [];
  expect(exitCode).toBe(0);
  expect(findings.filter(({ code }) => code === "exchanger-port")).toEqual([
    {
      code: "exchanger-port",
      status: "unknown",
      isAside: true,
      subject: "port 25 of box.example.test",
      observed:
        "not to be reached from here (timeout: no answer within 1 s): most networks block port 25 on its way out",
      remedy: "Look again from a server's network, where port 25 is open.",
    },
  ]);
  expect(findings.filter(({ status, isAside }) => status === "unknown" && isAside !== true)).toEqual([]);
});

test("and nobody waits for it, though there would be ten minutes for that", async () => {
  const started = performance.now();
  const { exitCode, stderr, stdout } = await verify("--wait", "10m");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^warn {2}example\.test {2}\d+ warnings?, \d+ passed$/m);
  expect(stdout).toContain("port 25 of box.example.test");
  // One look, on however slow a machine.
  expect(performance.now() - started).toBeLessThan(60_000);
});
