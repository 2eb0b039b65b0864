import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

export interface SandboxRun {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the sandbox's command to its end; `interruptAt` sends SIGINT when the output matches. */
export async function runSandbox(
  args: readonly string[],
  options: { readonly interruptAt?: RegExp; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<SandboxRun> {
  const child = spawn(process.execPath, [join(ROOT, "infra/sandbox/main.ts"), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let interrupted = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (interrupted || options.interruptAt?.test(output) !== true) return;
      interrupted = true;
      child.kill("SIGINT");
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output };
}

/** A folder for one test's state, removed by its `Symbol.asyncDispose`. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "mail-autodiscover-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The API part's store as it stands on disk. */
export function readStore(state: string): Promise<string> {
  return readFile(join(state, "cloudflare.json"), "utf8");
}

/** The line that sums a deployment up. */
export function changesOf(run: SandboxRun): string {
  return /\d+ created, .*unchanged/.exec(run.output)?.[0] ?? run.output;
}
