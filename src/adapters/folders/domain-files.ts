import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DomainFileText } from "../../spec/parse-domain-files.ts";

/**
 * Reads the domain files (`*.yaml`, `*.yml`) of a folder, sorted by name. Rejects with the file system's error: what to do
 * about it depends on who named the folder.
 */
export async function readDomainFiles(folder: string): Promise<readonly DomainFileText[]> {
  const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(folder, file), "utf8") })));
}
