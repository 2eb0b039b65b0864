/**
 * `npm run fuzz [-- RUNS]`: damaged requests of real clients against the responder. `FUZZ_RUNS` (default 10,000) and
 * `FUZZ_SEED` come from the environment; a failure prints the smallest request that shows it.
 */
import { runFuzz } from "./run-fuzz.ts";

const runs = Number(process.argv[2] ?? process.env["FUZZ_RUNS"] ?? 10_000);
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const started = performance.now();
const report = await runFuzz(runs, seed);
const seconds = (performance.now() - started) / 1000;
console.log(
  `${report.runs} requests in ${seconds.toFixed(1)} s, seed ${seed}, ${report.unsendable} of them unsendable`,
);
console.log(
  Object.entries(report.statuses)
    .map(([status, count]) => `${status}: ${count}`)
    .join("  "),
);
console.log(`slowest answer ${report.slowestMs.toFixed(2)} ms: ${report.slowest}`);
