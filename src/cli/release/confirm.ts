import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { CliIo } from "../cli-io.ts";

/** Asks on stderr, and returns true for `y` or `yes` only: an end of the input or Ctrl-C means no. */
export async function confirm(question: string, io: CliIo): Promise<boolean> {
  const output = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      io.stderr.write(chunk.toString());
      done();
    },
  });
  const dialogue = createInterface({ input: io.stdin, output, terminal: io.isTerminal.stderr });
  const { promise: closed, resolve: close } = Promise.withResolvers<undefined>();
  // The last line of an input arrives together with its end: the answer comes first.
  dialogue.once("close", () => setImmediate(close, undefined));
  try {
    // Whether question() itself ends when the input does depends on the version of Node.
    const asked = dialogue.question(`${question} [y/N] `).catch(() => undefined);
    const answer = await Promise.race([asked, closed]);
    if (answer === undefined) io.stderr.write("\n");
    return /^y(?:es)?$/i.test(answer?.trim() ?? "");
  } finally {
    dialogue.close();
  }
}
