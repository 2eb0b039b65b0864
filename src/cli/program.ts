import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { CliIo } from "./cli-io.ts";
import { addExplainCommand } from "./explain/explain.ts";
import { addInitCommand } from "./init/init.ts";
import { addReleaseCommand } from "./release/release.ts";
import { addRenderCommand } from "./render/render.ts";
import { addServeCommand } from "./serve/serve.ts";
import { addVerifyCommand } from "./verify/verify.ts";
import { addZoneCommand } from "./zone/zone.ts";

/**
 * Adds a command to the program. Its action imports what it works with when it runs: `--help` and the other commands
 * need not wait for it.
 */
export type AddCommand = (program: Command, io: CliIo) => void;

const COMMANDS: readonly AddCommand[] = [
  addInitCommand,
  addZoneCommand,
  addExplainCommand,
  addReleaseCommand,
  addRenderCommand,
  addServeCommand,
  addVerifyCommand,
];

/** Builds the command line. Parsing throws Commander's `CommanderError` for wrong usage, and whatever a command throws. */
export function buildProgram(io: CliIo): Command {
  const program = new Command("mail-autodiscover")
    .description("A mail domain as code: what every mail client needs to set itself up.")
    .version(packageVersion())
    .showHelpAfterError("(add --help for the usage)")
    .addHelpText("after", "\nExit codes: 0 passed or warned, 1 failed, 2 wrong usage, 3 could not look.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    });
  for (const add of COMMANDS) add(program, io);
  return program;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
