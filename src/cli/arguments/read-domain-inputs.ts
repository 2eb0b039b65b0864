import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readDomainFiles } from "../../adapters/folders/domain-files.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import type { DomainFileText } from "../../spec/parse-domain-files.ts";
import type { CliIo } from "../cli-io.ts";
import { readInputs } from "./read-inputs.ts";

/**
 * Reads domain files and folders of them, each file once; `-` is the standard input.
 *
 * @throws MailAutodiscoverError `usage`, with every file that cannot be read
 */
export async function readDomainInputs(
  paths: readonly string[],
  io: CliIo,
): Promise<readonly DomainFileText[]> {
  const isFolder = await Promise.all(paths.map(isDirectory));
  const files = await readInputs(
    paths.filter((_, index) => isFolder[index] !== true),
    io,
  );
  const folders = await Promise.all(paths.filter((_, index) => isFolder[index] === true).map(readFolder));
  // A file may be named beside its folder, and in another spelling.
  const all = [...files, ...folders.flat()];
  return [...new Map(all.map((file) => [resolve(file.file), file])).values()];
}

async function isDirectory(path: string): Promise<boolean> {
  return path !== "-" && (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function readFolder(path: string): Promise<readonly DomainFileText[]> {
  const files = await readDomainFiles(path);
  if (files.length > 0) return files.map(({ file, text }) => ({ file: join(path, file), text }));
  throw new MailAutodiscoverError("usage", `There is no domain file in ${path}.`, {
    remedy: "Name a folder with files that end in .yaml.",
  });
}
