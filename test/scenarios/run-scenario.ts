import { CLIENTS } from "../../src/clients/clients.ts";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { withoutPassword } from "../../src/clients/world/without-password.ts";
import { memoWorld } from "../../src/clients/world/memo-world.ts";
import type { World } from "../../src/clients/world/world.ts";
import type { ObservedRecord } from "../../src/dns/observed-zone.ts";
import { planAgainst } from "../../src/doctor/planned/plan-against.ts";
import { worldAfter, worldBefore } from "../../src/doctor/planned/planned-world.ts";
import { memoryWorld, type RecordLine } from "../clients/memory-world.ts";
import { observedRecord, observedZone } from "../dns/observed-zone.ts";
import { identity } from "../dns/plan/sample-wish.ts";
import { toStored } from "./loopback-zones.ts";
import { ALICE } from "../clients/scenarios/scenarios.ts";
import type { PlannedState, Scenario } from "./scenario.ts";
import type { ScenarioCertificates } from "./scenario-certificates.ts";
import { startScenario } from "./start-scenario.ts";

/** Runs every client against real servers. */
export async function runLive(
  scenario: Scenario,
  certificates: ScenarioCertificates,
): Promise<readonly Discovery[]> {
  const running = await startScenario(scenario.world, certificates);
  try {
    return await runClients(memoWorld(running.world));
  } finally {
    await running.close();
  }
}

/** Runs every client against the same data in memory, without the password that no network sees either. */
export async function runInMemory(scenario: Scenario): Promise<readonly Discovery[]> {
  return runClients(withoutPassword(memoWorld(memoryWorld(scenario.world))));
}

/** Runs every client against what the plan says of the world. */
export async function runPlanned({ domain, before, state }: PlannedState): Promise<readonly Discovery[]> {
  const zone = observedZone(before.map(toObserved), { name: domain.domain });
  const program = planAgainst({ domains: [domain], zones: [zone], identity });
  return runClients(memoWorld(state === "after" ? worldAfter(program) : worldBefore(program)));
}

function toObserved(line: RecordLine, index: number): ObservedRecord {
  const { id, type, name, content, data, priority } = toStored(line, index);
  return observedRecord({ id, type, name, content, data, priority });
}

async function runClients(world: World): Promise<readonly Discovery[]> {
  return Promise.all(CLIENTS.map((client) => client.discover(ALICE, world)));
}
