import { styleText } from "node:util";
import { hasColour, type CliIo } from "./cli-io.ts";

/** Writes a warning, one line. */
export function warn(io: CliIo, message: string): void {
  const label = hasColour(io, "stderr")
    ? styleText("yellow", "warning:", { validateStream: false })
    : "warning:";
  io.stderr.write(`${label} ${message}\n`);
}
