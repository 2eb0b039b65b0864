import { createHash } from "node:crypto";
import type { StackIdentity } from "./ownership.ts";

/** Longest script name that also fits a label of a workers.dev host. */
const MAX_SCRIPT_NAME = 63;

/** Returns the script's name: an upload is an unconditional PUT, so it carries project and stack. */
export function workerName(identity: StackIdentity): string {
  const name = `${identity.project}-${identity.stack}`.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
  if (name.length <= MAX_SCRIPT_NAME) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, MAX_SCRIPT_NAME - digest.length - 1)}-${digest}`;
}

/** Returns the script's own host; undefined where the account has no workers.dev subdomain. */
export function workersDevHost(identity: StackIdentity, subdomain: string | undefined): string | undefined {
  return subdomain === undefined ? undefined : `${workerName(identity)}.${subdomain}.workers.dev`;
}
