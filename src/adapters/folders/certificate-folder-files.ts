/** File operations that are either done or not done, also after a power cut: write aside, fsync, rename. */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes one version as a directory of its own; one that is there already is complete, since it came by rename. */
export async function writeVersion(
  path: string,
  content: { readonly fullChainPem: string; readonly privateKeyPem: string },
  directoryMode: number,
): Promise<void> {
  const temporary = temporaryName(dirname(path));
  await mkdir(temporary, { mode: 0o700 });
  await writeSynced(join(temporary, "privkey.pem"), content.privateKeyPem, 0o600);
  await writeSynced(join(temporary, "fullchain.pem"), content.fullChainPem, 0o644);
  await chmod(temporary, directoryMode);
  await syncDirectory(temporary);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
  await syncDirectory(dirname(path));
}

/**
 * Makes `path` a symlink to `target`, in place of whatever file stood there, without a moment of absence.
 * What a broken run leaves behind lies in `workDirectory`, on the same file system.
 */
export async function replaceLink(target: string, path: string, workDirectory: string): Promise<void> {
  const temporary = temporaryName(workDirectory);
  await symlink(target, temporary);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Returns where the symlink leads; undefined where there is nothing, or something that is no symlink. */
export async function readLinkIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EINVAL") return undefined;
    throw error;
  }
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(text);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function temporaryName(directory: string): string {
  return join(directory, `.new-${randomBytes(6).toString("hex")}`);
}
