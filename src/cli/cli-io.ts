import type { Readable } from "node:stream";

/** 0 passed or warned, 1 failed, 2 wrong usage, 3 nothing failed but something could not be looked at. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Where a command's text goes; a writable stream is one. */
export interface TextSink {
  write(text: string): unknown;
}

/** What a command has of the process, as a value: tests run a command without one. */
export interface CliIo {
  readonly stdin: Readable;
  /** The result, nothing else: it may be piped into another program. */
  readonly stdout: TextSink;
  /** Warnings, questions and errors. */
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which of the three a person sits at. */
  readonly isTerminal: Readonly<Record<"stdin" | "stdout" | "stderr", boolean>>;
  /** What the process ends with; a command whose checks fail sets it. */
  exitCode: ExitCode;
}

/** True where text to a stream may be coloured: at a terminal, unless `NO_COLOR` is set and not empty (https://no-color.org). */
export function hasColour(io: CliIo, stream: "stdout" | "stderr"): boolean {
  return io.isTerminal[stream] && (io.env["NO_COLOR"] ?? "") === "";
}
