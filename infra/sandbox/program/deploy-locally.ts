import { fork } from "node:child_process";
import { join } from "node:path";
import { MailAutodiscoverError, type ErrorCode } from "../../../src/errors.ts";
import type { RunnerEvent } from "../runner/local-runner.ts";
import {
  PROJECT,
  STACK,
  type ChangeSummary,
  type DeploymentOptions,
  type DeploymentResult,
  type DomainResult,
} from "./deployment.ts";

export interface ProgramRequest {
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretConfig: Readonly<Record<string, string>>;
  readonly stateFolder: string;
}

/** What the child says. */
export type ProgramMessage =
  | { readonly kind: "event"; readonly event: RunnerEvent }
  | { readonly kind: "warning"; readonly message: string }
  | {
      readonly kind: "done";
      readonly domains: Readonly<Record<string, DomainResult>>;
      readonly stateBytes: number;
    }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string; readonly remedy: string };

/**
 * Runs the program with the local runner, in a process of its own: a program's module runs once a process, and an
 * interrupt has to reach the orders that it has under way.
 */
export async function deployLocally(options: DeploymentOptions): Promise<DeploymentResult> {
  const request: ProgramRequest = {
    project: PROJECT,
    stack: STACK,
    config: options.config,
    secretConfig: options.secretConfig ?? {},
    stateFolder: options.stateFolder,
  };
  const child = fork(join(import.meta.dirname, "program-process.ts"), {
    env: { ...process.env, CLOUDFLARE_API_TOKEN: options.apiToken, CLOUDFLARE_BASE_URL: options.baseUrl },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // An interrupt from the terminal goes to the sandbox alone, which hands it on.
    detached: true,
  });
  const changes = { create: 0, import: 0, update: 0, replace: 0, delete: 0, same: 0 };
  let end: ProgramMessage | undefined;
  child.on("message", (message: ProgramMessage) => {
    if (message.kind === "event") count(changes, message.event, options.log);
    else if (message.kind === "warning") options.log(`warning: ${message.message}`);
    else end = message;
  });
  const interrupt = (): void => void child.kill("SIGINT");
  options.signal.addEventListener("abort", interrupt, { once: true });
  child.send(request);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => options.signal.removeEventListener("abort", interrupt));
  if (end?.kind === "done") return { changes, domains: end.domains, stateBytes: end.stateBytes };
  if (end?.kind === "failed") throw new MailAutodiscoverError(end.code, end.message, { remedy: end.remedy });
  throw new MailAutodiscoverError("internal", `The program's process ended with ${code ?? "a signal"}.`, {
    remedy: "Run again; the state keeps what was done.",
    retryable: true,
  });
}

const SHOWN = { create: "+", import: "=", update: "~", replace: "±", delete: "-", same: "" } as const;

function count(
  changes: { -readonly [K in keyof ChangeSummary]: number },
  event: RunnerEvent,
  log: (line: string) => void,
): void {
  if (event.state !== "done") return;
  // A replacement deletes and creates: the deletion is told as `replace`, the creation as itself.
  changes[event.operation] += 1;
  if (event.operation === "same") return;
  const retained = event.isRetained === true ? ", retained" : "";
  log(`${SHOWN[event.operation]} ${event.name} (${event.type.split(":").at(-1) ?? ""})${retained}`);
}
