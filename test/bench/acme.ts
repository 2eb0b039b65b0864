/**
 * `npm run bench:acme [-- --json]`: what certificates cost in time, CPU, memory and requests, beside acme-client by
 * itself, interleaved against one Pebble. Nothing here fails for being slow.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { ensurePebble } from "../../infra/sandbox/acme/ensure-pebble.ts";
import { startTinyDns, type TinyZone } from "../certificates/tiny-dns.ts";
import { serveRecords } from "./acme-records.ts";
import { runAcmeScenarios, type AcmeResult } from "./run-acme-scenarios.ts";
import { renderTable } from "./render-table.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const directory = await mkdtemp(join(tmpdir(), "bench-acme-"));
const cacheDir = join(import.meta.dirname, "../../.cache");
const { path: pebblePath } = await ensurePebble({ cacheDir, log: (line) => console.error(line) });
// Inside the project, so that the modules find its libraries.
const distDir = join(cacheDir, "bench-acme");
await promisify(execFile)(process.execPath, [
  join(import.meta.dirname, "../../node_modules/@typescript/native/bin/tsc"),
  "-p",
  join(import.meta.dirname, "../../tsconfig.build.json"),
  "--outDir",
  distDir,
]);
const zone: TinyZone = new Map();
const dns = await startTinyDns(zone);
const started = performance.now();
try {
  await using records = await serveRecords(zone);
  const results = await runAcmeScenarios({
    pebblePath,
    stateDir: directory,
    dnsServer: dns.address,
    recordsUrl: records.url,
    distDir,
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  const head = { node: process.version, cpus: cpus().length, seconds };
  console.log(values.json ? JSON.stringify({ head, results }, undefined, 2) : render(results, head));
} finally {
  await dns.close();
  await rm(directory, { recursive: true, force: true });
}

function render(
  results: readonly AcmeResult[],
  head: { readonly node: string; readonly cpus: number; readonly seconds: number },
): string {
  return [
    `Node ${head.node}, ${head.cpus} CPUs, Pebble 2.10.1 without refused nonces; ${head.seconds} s; medians; each run a process of its own, its start included`,
    "",
    renderTable(
      ["scenario", "client", "runs", "wall ms", "over validation ms", "CPU ms", "peak MiB", "requests"],
      results.map((one, index) => [
        results[index - 1]?.scenario === one.scenario ? "" : one.scenario,
        one.client,
        String(one.runs),
        count(one.wallMs),
        one.overValidationMs === undefined ? "" : count(one.overValidationMs),
        one.cpuMs === undefined ? "" : count(one.cpuMs),
        one.peakRssBytes === undefined ? "" : count(one.peakRssBytes / 2 ** 20),
        count(one.requests),
      ]),
      2,
    ),
    '"over validation": wall time less the longest pause that Pebble made before a validation of the order, the most of all runs.',
    "This package also looks at the authoritative DNS before it answers, and asks for the renewal window (one request); the others do neither.",
  ].join("\n");
}

function count(value: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(value);
}
