import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApi } from "../../infra/sandbox/cloudflare-api/build-api.ts";
import { CloudflareStore } from "../../infra/sandbox/cloudflare-api/cloudflare-store.ts";
import { createZones } from "../../infra/sandbox/cloudflare-api/create-zones.ts";
import { observeZones } from "../../src/adapters/cloudflare/cloudflare-api.ts";
import { ACCOUNT, TOKEN } from "../infra/sandbox/cloudflare-api/run-api.ts";
import { openMeteredClient, type MeteredClient } from "./metered-client.ts";
import { deriveReadingInput } from "./reading-input.ts";
import type { ReadingInput } from "./reading-ways.ts";
import { scenarioZones, type Scenario } from "./scenario.ts";

export interface MemoryAccount extends MeteredClient {
  readonly input: ReadingInput;
}

/** Sets up the account of a scenario behind the same API, without a port: calls are counted, time is not. */
export async function openMemoryAccount(scenario: Omit<Scenario, "name">): Promise<MemoryAccount> {
  const folder = await mkdtemp(join(tmpdir(), "bench-zone-"));
  const named = { name: "in memory", ...scenario };
  const store = new CloudflareStore(join(folder, "cloudflare.json"), ACCOUNT, "sandbox");
  createZones(store, [], scenarioZones(named));
  // Only changes are written, and there are none from here on.
  await rm(folder, { recursive: true });
  const { app, basePath } = buildApi(store, TOKEN);
  const metered = openMeteredClient({
    baseUrl: `http://api.test${basePath}`,
    apiToken: TOKEN,
    fetch: async (input, init) => app.fetch(new Request(input, init)),
  });
  const zones = await observeZones(metered.client);
  metered.meter.calls = 0;
  return { ...metered, input: deriveReadingInput(named, zones) };
}
