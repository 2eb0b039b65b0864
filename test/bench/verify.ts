/**
 * `npm run bench:verify [-- --json] [--domains 500]`: what a look costs: one domain of the sandbox, and many domains on a
 * world of loopback servers. Nothing here fails for being slow.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSandboxInventory } from "../../infra/sandbox/inventory.ts";
import { parseOptions } from "../../infra/sandbox/options.ts";
import { deployLocally } from "../../infra/sandbox/program/deploy-locally.ts";
import { sandboxConfig, startSandbox } from "../../infra/sandbox/sandbox.ts";
import { verifySandbox } from "../../infra/sandbox/verify.ts";
import { forkWithMessage } from "./fork-with-message.ts";
import type { VerifyMeasurement } from "./measure-verify.ts";
import { measure } from "./measure.ts";
import { renderTable } from "./render-table.ts";
import type { VerifyWorldPlaces } from "./verify-world.ts";

const RUNS = 5;

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, domains: { type: "string", default: "500" } },
});
const one = await measureSandbox();
const many = await measureMany(values.domains);
const head = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model ?? "", load: loadavg() };
console.log(values.json ? JSON.stringify({ head, one, many }, undefined, 2) : render());
// Whatever a runtime of the sandbox left open must not keep the process.
process.exit();

interface OneDomain {
  readonly firstMs: number;
  readonly medianMs: number;
  readonly cpuMs: number;
  /** Of one run: DNS questions, HTTP requests, connections to mail ports. */
  readonly questions: number;
  readonly requests: number;
  readonly probes: number;
}

/** The servers are in this process, too, so that the CPU is theirs and verify's. */
async function measureSandbox(): Promise<OneDomain> {
  const state = await mkdtemp(join(tmpdir(), "bench-verify-"));
  const options = parseOptions(["--state", state]);
  if (options === undefined) throw new RangeError("The sandbox's options ask for help.");
  const inventory = await readSandboxInventory(options.domains, undefined);
  const quiet = (): void => undefined;
  const sandbox = await startSandbox(options, inventory, quiet);
  try {
    await deployLocally({
      config: sandboxConfig(sandbox, options.domains),
      apiToken: sandbox.apiToken,
      baseUrl: sandbox.api.url,
      stateFolder: state,
      log: quiet,
      signal: new AbortController().signal,
    });
    const count = { resolutions: 0, requests: 0, probes: 0 };
    const before = queriesOf(sandbox.dns.queries);
    const timing = await measure(RUNS, () => verifySandbox(sandbox, inventory, count));
    return {
      firstMs: timing.firstMs,
      medianMs: timing.wallMs,
      cpuMs: timing.cpuMs,
      questions: (queriesOf(sandbox.dns.queries) - before) / RUNS,
      requests: count.requests / RUNS,
      probes: count.probes / RUNS,
    };
  } finally {
    await sandbox.close();
    await rm(state, { recursive: true, force: true });
  }
}

function queriesOf({ recursive, authoritative }: { recursive: number; authoritative: number }): number {
  return recursive + authoritative;
}

async function measureMany(domains: string): Promise<VerifyMeasurement> {
  await using world = await forkWithMessage<VerifyWorldPlaces>("serve-verify-world.ts", [domains]);
  await using measured = await forkWithMessage<VerifyMeasurement>("measure-verify.ts", [
    JSON.stringify(world.message),
    domains,
  ]);
  return measured.message;
}

function render(): string {
  const { questions, requests, probes } = one;
  const count = (value: number): string =>
    new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(value);
  return [
    `Node ${head.node}, ${head.cpus} CPUs (${head.cpu}), load ${head.load.map((each) => each.toFixed(1)).join(" ")}`,
    "",
    `One domain on the sandbox (${RUNS} runs; the servers' CPU is in it)`,
    renderTable(
      ["first ms", "median ms", "CPU ms", "DNS", "HTTP", "mail ports", "together"],
      [
        [
          one.firstMs,
          one.medianMs,
          one.cpuMs,
          questions,
          requests,
          probes,
          questions + requests + probes,
        ].map(count),
      ],
      0,
    ),
    "",
    "Many domains of one mail host, servers in a process of their own",
    renderTable(
      [
        "domains",
        "s",
        "CPU s",
        "ms a domain",
        "MiB before",
        "MiB peak",
        "names",
        "HTTP",
        "mail ports",
        "exit",
      ],
      [
        [
          count(many.domains),
          (many.ms / 1000).toFixed(1),
          (many.cpuMs / 1000).toFixed(1),
          count(many.ms / many.domains),
          count(many.startedRss / 2 ** 20),
          count(many.peakRss / 2 ** 20),
          count(many.count.resolutions),
          count(many.count.requests),
          count(many.count.probes),
          String(many.exitCode),
        ],
      ],
      0,
    ),
    ...Object.entries(many.notPassed).map(([what, times]) => `  ${count(times)} x ${what}`),
  ].join("\n");
}
