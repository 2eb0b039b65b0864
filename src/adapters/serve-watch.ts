import { watch, type FSWatcher } from "node:fs";

/** A change comes as several events, and files are written one after another. */
const SETTLE_MS = 200;
/** Some file systems tell nothing (NFS, some container mounts): there the folder is read this often. */
const POLL_MS = 30_000;

export interface FolderWatcher {
  close(): void;
}

/**
 * Calls `onChange` after something in a folder has changed, and every 30 s besides: it has to find out itself whether there
 * is anything new. Never two calls at once. Does not keep the process alive.
 */
export function watchFolder(path: string, onChange: () => Promise<void>): FolderWatcher {
  let settling: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = running.then(onChange, onChange);
  };
  const watcher = startWatching(path, () => {
    clearTimeout(settling);
    settling = setTimeout(run, SETTLE_MS).unref();
  });
  const poll = setInterval(run, POLL_MS).unref();
  return {
    close: () => {
      clearTimeout(settling);
      clearInterval(poll);
      watcher?.close();
    },
  };
}

/** Undefined where the system has no more watches to give: the poll remains. */
function startWatching(path: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { recursive: true, persistent: false }, onEvent);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
