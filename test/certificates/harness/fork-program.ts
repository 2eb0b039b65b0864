import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { PROJECT, STACK } from "../../../infra/sandbox/program/deployment.ts";
import type { ProgramMessage, ProgramRequest } from "../../../infra/sandbox/program/deploy-locally.ts";

export interface ProgramOptions {
  readonly config: Readonly<Record<string, string>>;
  readonly secretConfig?: Readonly<Record<string, string>>;
  readonly stateFolder: string;
  readonly apiToken: string;
  readonly baseUrl: string;
}

export interface ProgramProcess {
  /** Its last message; rejects where the process is killed before. */
  readonly end: Promise<ProgramMessage>;
  /** All that it wrote and said. */
  output(): string;
  /** SIGKILL; returns once it is gone. */
  kill(): Promise<void>;
}

/** Starts the program with the local runner, as the sandbox does, in a process that can be killed and whose words are kept. */
export function forkProgram(options: ProgramOptions): ProgramProcess {
  const { config, secretConfig = {}, stateFolder, apiToken, baseUrl } = options;
  const child = fork(join(import.meta.dirname, "../../../infra/sandbox/program/program-process.ts"), {
    env: { ...process.env, CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_BASE_URL: baseUrl },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const end = Promise.withResolvers<ProgramMessage>();
  end.promise.catch(() => undefined);
  const messages: ProgramMessage[] = [];
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  child.on("message", (message: ProgramMessage) => {
    messages.push(message);
    if (message.kind === "done" || message.kind === "failed") end.resolve(message);
  });
  child.once("exit", () => end.reject(new Error(`the program's process ended early: ${output}`)));
  const request: ProgramRequest = { project: PROJECT, stack: STACK, config, secretConfig, stateFolder };
  child.send(request);
  return {
    end: end.promise,
    output: () => `${output}${messages.map((message) => JSON.stringify(message)).join("\n")}`,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
