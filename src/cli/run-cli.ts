import { styleText } from "node:util";
import { CommanderError } from "commander";
import { findMailAutodiscoverError, formatError } from "../errors.ts";
import { hasColour, type CliIo, type ExitCode } from "./cli-io.ts";
import { buildProgram } from "./program.ts";

/** Runs one command line, without node and script, and returns the exit code. Never rejects. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    await buildProgram(io).parseAsync([...argv], { from: "user" });
  } catch (error) {
    io.exitCode = reportError(error, io);
  }
  return io.exitCode;
}

function reportError(error: unknown, io: CliIo): ExitCode {
  // Commander has written its message, or the help that was asked for, already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const label = hasColour(io, "stderr") ? styleText("red", "error:", { validateStream: false }) : "error:";
  const known = findMailAutodiscoverError(error);
  if (known !== undefined) {
    io.stderr.write(`${label} ${formatError(known)}\n`);
    return known.code === "usage" ? 2 : 1;
  }
  io.stderr.write(
    `${label} ${formatError(error)}\n  This is a defect of mail-autodiscover: report it with this message and the command line.\n`,
  );
  return 1;
}
