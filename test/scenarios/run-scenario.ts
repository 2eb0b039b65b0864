import { CLIENTS } from "../../src/clients/clients.ts";
import type { Discovery } from "../../src/clients/discovery.ts";
import { memoWorld } from "../../src/clients/memo-world.ts";
import type { World } from "../../src/clients/world.ts";
import { memoryWorld } from "../clients/memory-world.ts";
import { ALICE, type Scenario } from "./scenario.ts";
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

/** Runs every client against the same data in memory. */
export async function runInMemory(scenario: Scenario): Promise<readonly Discovery[]> {
  return runClients(memoWorld(memoryWorld(scenario.world)));
}

async function runClients(world: World): Promise<readonly Discovery[]> {
  return Promise.all(CLIENTS.map((client) => client.discover(ALICE, world)));
}
