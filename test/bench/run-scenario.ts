import { observeZones } from "../../src/adapters/cloudflare/cloudflare-api.ts";
import { planProgram } from "../../src/dns/plan/plan-program.ts";
import { TOKEN } from "../infra/sandbox/cloudflare-api/run-api.ts";
import { forkWithMessage } from "./fork-with-message.ts";
import { measure, type Timing } from "./measure.ts";
import { openMeteredClient } from "./metered-client.ts";
import { deriveProgramInput } from "./program-input.ts";
import { deriveReadingInput } from "./reading-input.ts";
import { observeScenario, READING_WAYS } from "./reading-ways.ts";
import type { Scenario } from "./scenario.ts";

/** A guess at the way to the service and back: on loopback only the calls' own work shows. */
export const LATENCY_MS = 50;

const READ_RUNS = 3;
const PLAN_RUNS = 7;

export interface ReadingResult {
  readonly scenario: string;
  readonly way: string;
  readonly calls: number;
  readonly bytes: number;
  /** Records seen, and how many there are. */
  readonly seen: number;
  readonly records: number;
  readonly loopback: Timing;
  /** One run, with {@link LATENCY_MS} before each request. */
  readonly distant: Timing;
}

export interface PlanResult {
  readonly scenario: string;
  readonly domains: number;
  readonly wanted: number;
  readonly records: number;
  readonly problems: number;
  readonly timing: Timing;
  /** Resident memory of the process before it read the zones, and the most until it had planned; octets. */
  readonly startedRss: number;
  readonly peakRss: number;
}

/** What was measured of a scenario. */
export interface ScenarioResult {
  readonly readings: readonly ReadingResult[];
  readonly plan: PlanResult;
}

/** Measures every way of reading a scenario's zones against the same server, and the plan without it. */
export async function runScenario(scenario: Scenario): Promise<ScenarioResult> {
  await using emulator = await forkWithMessage<{ readonly url: string }>("serve-scenario.ts", [
    scenario.name,
  ]);
  const open = (latencyMs: number): ReturnType<typeof openMeteredClient> =>
    openMeteredClient({ baseUrl: emulator.message.url, apiToken: TOKEN, latencyMs });
  const zones = await observeZones(open(0).client);
  const input = deriveReadingInput(scenario, zones);
  const records = scenario.zones * scenario.recordsPerZone;

  const startedRss = process.memoryUsage().rss;
  const observed = await observeScenario(open(0).client, input);
  const programInput = deriveProgramInput(input.specs, zones, observed);
  let problems = 0;
  const timing = await measure(PLAN_RUNS, () => {
    problems = planProgram(programInput).problems.length;
  });
  // The documentation of Node calls it kibibytes, on every system.
  const peakRss = process.resourceUsage().maxRSS * 1024;

  const readings: ReadingResult[] = [];
  for (const { name, read } of READING_WAYS) {
    const { client, meter } = open(0);
    let seen = 0;
    const loopback = await measure(READ_RUNS, async () => {
      seen = await read(client, input);
    });
    const far = open(LATENCY_MS).client;
    const distant = await measure(1, () => read(far, input));
    readings.push({
      scenario: scenario.name,
      way: name,
      calls: meter.calls / READ_RUNS,
      bytes: meter.bytes / READ_RUNS,
      seen,
      records,
      loopback,
      distant,
    });
  }
  return {
    readings,
    plan: {
      scenario: scenario.name,
      domains: input.specs.length,
      wanted: programInput.domains.reduce((sum, { wanted }) => sum + wanted.length, 0),
      records,
      problems,
      timing,
      startedRss,
      peakRss,
    },
  };
}
