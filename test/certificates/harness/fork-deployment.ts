import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { CertificateKind } from "./open-providers.ts";
import type { CertificateDeploymentRequest, CertificateOutcome } from "./deploy-certificates.ts";
import type { Moment } from "./gate-exchange.ts";

export interface DeploymentCommand {
  readonly request: CertificateDeploymentRequest;
  /** The process stops here, until it is killed. */
  readonly stopAtWrite?: { readonly kind: CertificateKind; readonly moment: Moment } | undefined;
}

export type DeploymentReport =
  | { readonly kind: "loaded" }
  | { readonly kind: "stopped" }
  | { readonly kind: "done"; readonly outcomes: readonly CertificateOutcome[] };

export interface DeploymentProcess {
  run(command: DeploymentCommand): Promise<void>;
  /** Resolves when it has stopped at the write that it was told. */
  readonly stopped: Promise<void>;
  /** What became of it; rejects where it is killed before. */
  readonly done: Promise<readonly CertificateOutcome[]>;
  /** What it wrote to its terminal so far. */
  output(): string;
  /** SIGKILL; returns once it is gone. */
  kill(): Promise<void>;
}

/** Starts a process that waits for a deployment. The folder keeps what Node compiled, since many load the same modules. */
export function forkDeployment(cacheFolder: string): DeploymentProcess {
  const child = fork(join(import.meta.dirname, "deployment-process.ts"), {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_COMPILE_CACHE: cacheFolder },
  });
  const loaded = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const done = Promise.withResolvers<readonly CertificateOutcome[]>();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  child.on("message", (report: DeploymentReport) => {
    if (report.kind === "loaded") loaded.resolve();
    else if (report.kind === "stopped") stopped.resolve();
    else done.resolve(report.outcomes);
  });
  child.once("exit", (code, signal) => {
    const early = new Error(`the deployment's process ended with ${code ?? signal ?? "nothing"}: ${output}`);
    for (const waiting of [loaded, stopped, done]) waiting.reject(early);
  });
  // Nobody may be waiting for them when the process is killed.
  for (const { promise } of [loaded, stopped, done]) promise.catch(() => undefined);
  return {
    run: async (command) => {
      await loaded.promise;
      child.send(command);
    },
    stopped: stopped.promise,
    done: done.promise,
    output: () => output,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
