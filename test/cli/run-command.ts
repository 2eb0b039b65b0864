import { Readable } from "node:stream";
import type { CliIo, ExitCode } from "../../src/cli/cli-io.ts";
import { runCli } from "../../src/cli/run-cli.ts";

export interface CommandInput {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** True: a person sits at all three streams. Default false. */
  readonly isTerminal?: boolean;
}

export interface CommandResult {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function runCommand(argv: readonly string[], input: CommandInput = {}): Promise<CommandResult> {
  const written = { stdout: "", stderr: "" };
  const isTerminal = input.isTerminal ?? false;
  const io: CliIo = {
    stdin: Readable.from(input.stdin === undefined ? [] : [input.stdin]),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    env: input.env ?? {},
    isTerminal: { stdin: isTerminal, stdout: isTerminal, stderr: isTerminal },
    exitCode: 0,
  };
  const exitCode = await runCli(argv, io);
  return { exitCode, ...written };
}
