import { SingleBar } from "cli-progress";
import type { CliIo } from "../cli-io.ts";

export interface ProgressBar {
  /** One more is done. */
  readonly step: (what: string) => void;
  /** Removes the bar. */
  readonly stop: () => void;
}

/** Draws a bar on stderr where that is a terminal; a log gets nothing of it. */
export function startProgressBar(total: number, io: CliIo): ProgressBar {
  if (!io.isTerminal.stderr) return { step: () => undefined, stop: () => undefined };
  // What the bar takes of a stream; the types want all of it.
  const stream = { isTTY: true, write: (text: string) => io.stderr.write(text) !== false };
  const bar = new SingleBar({
    format: "{bar} {value}/{total} {what}",
    stream: stream as unknown as NodeJS.WritableStream,
    clearOnComplete: true,
    // Nothing of the terminal is switched off, so that Ctrl-C, which ends the process at once, leaves nothing off.
    hideCursor: false,
    linewrap: true,
    barsize: 30,
  });
  bar.start(total, 0, { what: "" });
  return {
    step: (what) => bar.increment(1, { what }),
    stop: () => bar.stop(),
  };
}
