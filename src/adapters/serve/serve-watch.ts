import { watch, type FSWatcher } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** A change comes as several events, and files are written one after another. */
const SETTLE_MS = 200;
/** Some file systems tell nothing (NFS, some container mounts): there the folder is read this often. */
const POLL_MS = 30_000;
/** Below a folder of certificates are those of domains, and in them the links between versions. */
const DEPTH = 2;

export interface FolderWatcher {
  close(): void;
}

/**
 * Calls `onChange` after something in a folder has changed, and every 30 s besides: it has to find out itself whether there
 * is anything new. Never two calls at once. Does not keep the process alive. Resolves when it watches.
 */
export async function watchFolder(path: string, onChange: () => Promise<void>): Promise<FolderWatcher> {
  let settling: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const settle = (): void => {
    clearTimeout(settling);
    settling = setTimeout(run, SETTLE_MS).unref();
  };
  const directories = openDirectoryWatchers(settle);
  // Of a folder, or a link to one, that takes this one's place, only the directory above hears.
  const own = basename(resolve(path));
  const above = startWatching(dirname(resolve(path)), (name) => {
    if (name === own) settle();
  });
  const run = (): void => {
    // Watched first and read then: what is written in between is an event.
    const step = (): Promise<void> => directories.refresh(path).then(onChange);
    running = running.then(step, step);
  };
  await directories.refresh(path);
  const poll = setInterval(run, POLL_MS).unref();
  return {
    close: () => {
      clearTimeout(settling);
      clearInterval(poll);
      directories.close();
      above?.close();
    },
  };
}

interface DirectoryWatchers {
  /** Watches the directories that there are now. Never rejects. */
  refresh(root: string): Promise<void>;
  close(): void;
}

/**
 * One watcher a directory, since that hears of every file in it, whatever takes its place. With `recursive` Node watches
 * each file on Linux, and misses what is written into one that a rename has put there (v24).
 */
function openDirectoryWatchers(onEvent: () => void): DirectoryWatchers {
  /** By device, inode and birth: another directory of the same name is another one. */
  let watchers = new Map<string, FSWatcher>();
  let isClosed = false;
  return {
    refresh: async (root) => {
      const present = await directoriesIn(root, DEPTH);
      if (isClosed) return;
      const kept = new Map<string, FSWatcher>();
      for (const [identity, path] of present) {
        const watcher = watchers.get(identity) ?? startWatching(path, onEvent);
        if (watcher !== undefined) kept.set(identity, watcher);
      }
      for (const [identity, watcher] of watchers) if (!kept.has(identity)) watcher.close();
      watchers = kept;
    },
    close: () => {
      isClosed = true;
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

/** The directory and those below, links to directories among them; empty where it is not there. */
async function directoriesIn(path: string, depth: number): Promise<ReadonlyMap<string, string>> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return new Map();
    const identity = [found.dev, found.ino, found.birthtimeMs].join(":");
    const entries = depth === 0 ? [] : await readdir(path, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
    const below = await Promise.all(folders.map(({ name }) => directoriesIn(join(path, name), depth - 1)));
    return new Map([[identity, path], ...below.flatMap((one) => [...one])]);
  } catch {
    return new Map();
  }
}

/** Undefined where the system has no more watches to give: the poll remains. */
function startWatching(path: string, onEvent: (name: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, (_, name) => onEvent(name));
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
