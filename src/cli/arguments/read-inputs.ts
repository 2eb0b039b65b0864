import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { MailAutodiscoverError } from "../../errors.ts";
import type { DomainFileText } from "../../spec/parse-domain-files.ts";
import type { CliIo } from "../cli-io.ts";

/**
 * Reads the files of a command line, each once; `-` is the standard input, shown as `<stdin>`.
 *
 * @throws MailAutodiscoverError `usage`, with every file that cannot be read
 */
export async function readInputs(files: readonly string[], io: CliIo): Promise<readonly DomainFileText[]> {
  const unreadable: string[] = [];
  const inputs: DomainFileText[] = [];
  for (const file of new Set(files)) {
    try {
      inputs.push(
        file === "-"
          ? { file: "<stdin>", text: await text(io.stdin) }
          : { file, text: await readFile(file, "utf8") },
      );
    } catch (error) {
      unreadable.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (unreadable.length === 0) return inputs;
  throw new MailAutodiscoverError("usage", `Cannot read: ${unreadable.join("; ")}`, {
    remedy: "Name files that exist and that you may read, or - for the standard input.",
  });
}
