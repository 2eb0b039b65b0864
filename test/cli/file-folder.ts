import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** A folder that a file of tests has while it runs. */
export interface FileFolder {
  readonly path: string;
  /** Writes a file and returns its path. */
  readonly file: (name: string, text: string) => Promise<string>;
}

/** Makes a folder before the first test and removes it after the last. */
export function fileFolder(prefix: string): FileFolder {
  let path = "";
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), prefix));
  });
  afterAll(async () => {
    await rm(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
    file: async (name, text) => {
      const place = join(path, name);
      await writeFile(place, text);
      return place;
    },
  };
}
