import { flushCompileCache } from "node:module";
import { deployCertificates } from "./deploy-certificates.ts";
import type { DeploymentCommand, DeploymentReport } from "./fork-deployment.ts";

/** The child of `fork-deployment.ts`: one deployment in a process of its own, so that it can be killed. */

const say = (report: DeploymentReport): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(report, () => resolve());
  });

process.once("message", (command: DeploymentCommand) => {
  void run(command).finally(() => process.exit());
});
// At the end it would be too late: a killed process leaves nothing for the next.
flushCompileCache();
await say({ kind: "loaded" });

async function run({ request, stopAtWrite }: DeploymentCommand): Promise<void> {
  const outcomes = await deployCertificates(request, async (kind, moment) => {
    if (stopAtWrite?.kind !== kind || stopAtWrite.moment !== moment) return;
    await say({ kind: "stopped" });
    // Until the kill.
    await new Promise<never>(() => undefined);
  });
  await say({ kind: "done", outcomes });
}
