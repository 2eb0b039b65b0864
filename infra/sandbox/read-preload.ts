import { readFile } from "node:fs/promises";
import { parsePreload, PRELOAD_REMEDY, type PreloadZone } from "../../src/dns/preload-zone.ts";
import { MailAutodiscoverError } from "../../src/errors.ts";

/** Reads the file given to `--preload`. @throws MailAutodiscoverError `usage`, with every problem at once */
export async function readPreload(file: string): Promise<readonly PreloadZone[]> {
  const problem = (message: string, cause?: unknown): MailAutodiscoverError =>
    new MailAutodiscoverError("usage", `--preload ${file}: ${message}`, { remedy: PRELOAD_REMEDY, cause });
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw problem(cause instanceof Error ? cause.message : "cannot be read", cause);
  });
  const parsed = parsePreload(text);
  if (parsed.ok) return parsed.zones;
  throw problem(parsed.reason);
}
