/** A process of its own, so that what the emulator computes is not taken for the module's; ends with its parent. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCloudflareApi } from "../../infra/sandbox/cloudflare-api/start-cloudflare-api.ts";
import { ACCOUNT, TOKEN } from "../infra/sandbox/cloudflare-api/run-api.ts";
import { readScenario, scenarioZones } from "./scenario.ts";

const scenario = readScenario(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), "bench-zone-"));
const api = await startCloudflareApi({
  stateFile: join(folder, "cloudflare.json"),
  host: "127.0.0.1",
  port: 0,
  apiToken: TOKEN,
  accountId: ACCOUNT,
  zones: [],
  preload: scenarioZones(scenario),
  workersSubdomain: "sandbox",
});
process.once("disconnect", () => {
  void api.close().then(() => rm(folder, { recursive: true, force: true }));
});
process.send?.({ url: api.url });
