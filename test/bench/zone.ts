/**
 * `npm run bench:zone [-- --json]`: what it costs to observe, compare and plan, beside other ways to read the same zones
 * from the same server. Nothing here fails for being slow.
 */
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { forkWithMessage } from "./fork-with-message.ts";
import { renderTable } from "./render-table.ts";
import { LATENCY_MS, type PlanResult, type ReadingResult, type ScenarioResult } from "./run-scenario.ts";
import { SCENARIOS } from "./scenario.ts";

/**
 * Requests in 5 minutes, for all tokens of a user and the dashboard together; one more blocks them all for the next 5
 * (developers.cloudflare.com/fundamentals/api/reference/limits, verified 2026-11-23).
 */
const REQUEST_LIMIT = 1_200;

const PACKAGES = ["cloudflare", "@pulumi/pulumi", "@pulumi/cloudflare"] as const;

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const started = performance.now();
const readings: ReadingResult[] = [];
const plans: PlanResult[] = [];
for (const scenario of SCENARIOS) {
  await using measured = await forkWithMessage<ScenarioResult>("measure-scenario.ts", [scenario.name]);
  readings.push(...measured.message.readings);
  plans.push(measured.message.plan);
}
const head = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? "",
  packages: await versions(),
  latencyMs: LATENCY_MS,
  seconds: Math.round((performance.now() - started) / 1000),
};
console.log(values.json ? JSON.stringify({ head, readings, plans }, undefined, 2) : render());

function render(): string {
  const packages = Object.entries(head.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Node ${head.node}, ${head.platform}, ${head.cpus} CPUs (${head.cpu}); ${packages.join(", ")}`,
    `${head.seconds} s, each program in a process of its own`,
    "",
    `Reading the zones (median of 3 runs on loopback; once with ${LATENCY_MS} ms added to each request; up to 8 at a time)`,
    renderTable(
      ["program", "way", "calls", "of limit", "KiB", "seen", "ms", "CPU ms", `ms, ${LATENCY_MS} ms latency`],
      readings.map((one, index) => [
        readings[index - 1]?.scenario === one.scenario ? "" : one.scenario,
        one.way,
        count(one.calls),
        `${Math.ceil((one.calls / REQUEST_LIMIT) * 100)}%`,
        count(one.bytes / 1024),
        `${count(one.seen)} of ${count(one.records)}`,
        count(one.loopback.wallMs),
        count(one.loopback.cpuMs),
        count(one.distant.wallMs),
      ]),
      2,
    ),
    `"of limit": share of the ${count(REQUEST_LIMIT)} requests that Cloudflare allows a user in 5 minutes.`,
    "",
    "Comparing and planning what was read, without network (7 runs)",
    renderTable(
      ["program", "wanted", "records", "problems", "first ms", "median ms", "MiB before", "MiB peak"],
      plans.map(({ scenario, wanted, records, problems, timing, ...memory }) => [
        scenario,
        count(wanted),
        count(records),
        count(problems),
        timing.firstMs.toFixed(1),
        timing.wallMs.toFixed(1),
        count(memory.startedRss / 2 ** 20),
        count(memory.peakRss / 2 ** 20),
      ]),
      1,
    ),
  ].join("\n");
}

function count(value: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(value);
}

async function versions(): Promise<Readonly<Record<string, string>>> {
  const root = new URL("../../", import.meta.url);
  const read = async (file: string): Promise<{ readonly name: string; readonly version: string }> =>
    JSON.parse(await readFile(new URL(file, root), "utf8")) as {
      readonly name: string;
      readonly version: string;
    };
  const found = await Promise.all(
    ["package.json", ...PACKAGES.map((name) => `node_modules/${name}/package.json`)].map(read),
  );
  return Object.fromEntries(found.map(({ name, version }) => [name, version]));
}
