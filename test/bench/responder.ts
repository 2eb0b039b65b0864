/**
 * `npm run bench:responder [-- --json]`: requests a second, CPU a request and latencies of the responder in its three
 * places, beside what others need for the same two requests. All contenders run at once and are measured in turns, so that
 * a busy machine is busy for each of them. Nothing here fails for being slow.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../responder/bundle-worker.ts";
import { forkWithMessage } from "./fork-with-message.ts";
import { cpuSecondsOf } from "./process-cpu.ts";
import { renderTable } from "./render-table.ts";
import { CONTENDERS, type Contender } from "./responder-contenders.ts";
import { measureLatencies, putLoad } from "./responder-load.ts";
import { benchDomain } from "./bench-domain.ts";
import { deriveRatios, median, roundsKey, type Ratio, type Round } from "./responder-ratios.ts";
import { KINDS, requestBytes, type Kind } from "./responder-requests.ts";

const FIRST_PORT = 28_600;
const CONNECTIONS = 16;
/** Many short ones: what else the machine does then falls on neighbours alike. */
const ROUNDS = 15;
const ROUND_MS = 250;
const WARM_UP_MS = 500;
const LATENCIES = 500;

interface Measured {
  readonly rate: number;
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const folder = await mkdtemp(join(tmpdir(), "bench-responder-"));
const contenders: Contender[] = [];
const skipped: string[] = [];
try {
  for (const [index, startContender] of CONTENDERS.entries()) {
    const own = join(folder, String(index));
    await mkdir(own);
    try {
      const made = await startContender(own, FIRST_PORT + index);
      if (typeof made === "string") skipped.push(made);
      else {
        contenders.push(made);
        for (const kind of KINDS) await putLoad(made.port, [requestBytes(kind, benchDomain(0))], 1, 10);
      }
    } catch (error) {
      // One that answers something else measures something else.
      const wrong = contenders.find(({ port }) => port === FIRST_PORT + index);
      skipped.push(`${wrong?.name ?? ""} ${error instanceof Error ? error.message : String(error)}`.trim());
      contenders.splice(0, contenders.length, ...contenders.filter((one) => one !== wrong));
      await wrong?.stop();
    }
  }
  const { results, ratios } = await measureAll();
  const script = await measureScript();
  await using inProcess = await forkWithMessage<Record<"plain" | "web", Record<Kind, number>>>(
    "responder-in-process.ts",
    [],
  );
  const report = {
    node: process.version,
    cpu: cpus()[0]?.model ?? "",
    results,
    ratios,
    inProcess: inProcess.message,
    script,
    skipped,
  };
  console.log(values.json ? JSON.stringify(report, undefined, 2) : render(report));
} finally {
  await Promise.all(contenders.map((contender) => contender.stop()));
  await rm(folder, { recursive: true, force: true });
}

interface Report {
  readonly node: string;
  readonly cpu: string;
  readonly results: readonly {
    readonly name: string;
    readonly startMs: number;
    readonly of: Readonly<Record<Kind, Measured>>;
  }[];
  readonly ratios: readonly Ratio[];
  readonly inProcess: Readonly<Record<"plain" | "web", Readonly<Record<Kind, number>>>>;
  readonly script: { readonly bytes: number; readonly gzipBytes: number; readonly startCpuMs: number };
  readonly skipped: readonly string[];
}

async function measureAll(): Promise<Pick<Report, "results" | "ratios">> {
  const rounds = new Map<string, Round[]>();
  const slots = contenders.flatMap((contender) =>
    KINDS.map((kind) => ({ contender, kind, key: roundsKey(contender.name, kind) })),
  );
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const { contender, kind, key } of slots) {
      const requests = Array.from({ length: contender.domains }, (_, index) =>
        requestBytes(kind, benchDomain(index)),
      );
      const before = cpuSecondsOf(contender.pid);
      const load = await putLoad(contender.port, requests, CONNECTIONS, round < 0 ? WARM_UP_MS : ROUND_MS);
      const cpu = ((cpuSecondsOf(contender.pid) - before) / load.requests) * 1e6;
      if (round >= 0)
        rounds.set(key, [...(rounds.get(key) ?? []), { rate: load.requests / load.seconds, cpu }]);
    }
  }
  const latencies = new Map<string, readonly number[]>();
  for (const { contender, kind, key } of slots) {
    const measured = await measureLatencies(contender.port, requestBytes(kind, benchDomain(0)), LATENCIES);
    latencies.set(
      key,
      measured.toSorted((a, b) => a - b),
    );
  }
  const summary = (key: string): Measured => {
    const sorted = latencies.get(key) ?? [];
    return {
      rate: median((rounds.get(key) ?? []).map(({ rate }) => rate)),
      cpuMicroseconds: median((rounds.get(key) ?? []).map(({ cpu }) => cpu)),
      p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    };
  };
  const results = contenders.map(({ name, startMs }) => ({
    name,
    startMs,
    of: { GET: summary(roundsKey(name, "GET")), POST: summary(roundsKey(name, "POST")) },
  }));
  return { results, ratios: deriveRatios(rounds) };
}

/** The script's size, and what loading it costs: the best of five, each as a module of its own. */
async function measureScript(): Promise<Report["script"]> {
  const script = await bundleWorker();
  const costs: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const file = join(folder, `worker-${round}.mjs`);
    await writeFile(file, script);
    const before = process.cpuUsage();
    await import(pathToFileURL(file).href);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  return { bytes: script.length, gzipBytes: gzipSync(script).byteLength, startCpuMs: Math.min(...costs) };
}

function render({ node, cpu, results, ratios, inProcess, script, skipped }: Report): string {
  const cells = (of: Readonly<Record<Kind, Measured>>, kind: Kind): string[] => {
    const { rate, cpuMicroseconds, p50Ms, p99Ms } = of[kind];
    return [
      Math.round(rate).toLocaleString("en"),
      cpuMicroseconds.toFixed(0),
      p50Ms.toFixed(2),
      p99Ms.toFixed(2),
    ];
  };
  const columns = ["req/s", "CPU us", "p50 ms", "p99 ms"];
  const only = (microseconds: number): string[] => ["", microseconds.toFixed(1), "", ""];
  return [
    `Node ${node}, ${cpus().length} CPUs (${cpu}); ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in turns; latencies unloaded`,
    renderTable(
      [
        "contender",
        ...columns.map((name) => `GET ${name}`),
        ...columns.map((name) => `POST ${name}`),
        "start ms",
      ],
      [
        ["handler alone", ...only(inProcess.plain.GET), ...only(inProcess.plain.POST), ""],
        ["handler with Request and Response", ...only(inProcess.web.GET), ...only(inProcess.web.POST), ""],
        ...results.map(({ name, of, startMs }) => [
          name,
          ...cells(of, "GET"),
          ...cells(of, "POST"),
          startMs.toFixed(0),
        ]),
      ],
      1,
    ),
    "",
    renderTable(
      ["contender", "over the least that does the same", "", "req/s", "CPU"],
      ratios.map(({ name, over, kind, rate, cpu: own }) => [
        name,
        over,
        kind,
        rate.toFixed(2),
        own.toFixed(2),
      ]),
      3,
    ),
    "",
    `Worker script: ${script.bytes} bytes, ${script.gzipBytes} compressed, ${script.startCpuMs.toFixed(1)} ms of CPU to load`,
    ...skipped.map((reason) => `left out: ${reason}`),
  ].join("\n");
}
