import type { CliIo } from "../cli-io.ts";
import { readInputs } from "../arguments/read-inputs.ts";
import { parseStackExport, type StackExport } from "./stack-export.ts";

/** Reads a stack's export from a file, or from the standard input. @throws MailAutodiscoverError `usage`, `state-unreadable` */
export async function readStackExport(file: string, io: CliIo): Promise<StackExport> {
  const [input] = await readInputs([file], io);
  return parseStackExport(input?.text ?? "", input?.file ?? file);
}
