import { isatty } from "node:tty";
import type { CliIo } from "./cli-io.ts";

/** Returns the process's own streams. Ends no pipe with an error: a reader such as `head` may have seen enough. */
export function processIo(): CliIo {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // The command goes on: a change that is half done would be worse than a line that nobody reads.
      if (error.code === "EPIPE") return;
      if (stream === process.stdout) process.stderr.write(`error: cannot write: ${error.message}\n`);
      process.exit(1);
    });
  }
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    isTerminal: { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) },
    exitCode: 0,
  };
}
