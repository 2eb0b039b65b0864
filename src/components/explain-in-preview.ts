import * as pulumi from "@pulumi/pulumi";
import type { PlanNotice } from "../dns/planned-record.ts";
import type { PlannedProgram } from "../doctor/planned/planned-program.ts";

/**
 * Says in a preview what the change means for mail clients; nothing in an update, whose person has seen it. It explains and
 * decides nothing, so a failure of it is only said to who debugs.
 */
export async function explainInPreview(program: PlannedProgram): Promise<readonly PlanNotice[]> {
  if (!pulumi.runtime.isDryRun()) return [];
  try {
    // An update need not load the clients.
    const [{ CLIENTS }, { previewNotices }] = await Promise.all([
      import("../clients/clients.ts"),
      import("../doctor/explain/preview-notices.ts"),
    ]);
    return await previewNotices(program, CLIENTS);
  } catch (error) {
    await pulumi.log.debug(`what the change means for mail clients cannot be said: ${String(error)}`);
    return [];
  }
}
