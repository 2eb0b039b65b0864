/** The Workers of the account, each in a runtime of its own, kept in step with the store. */
import type { EdgeScript, EdgeWorld } from "./edge-world.ts";
import type { EdgeReply, EdgeRequest } from "./edge-exchange.ts";
import { renderPage } from "./edge-pages.ts";
import { exitOnUnhandledSignals } from "./yield-signals.ts";
import { startWorker, type WorkerRuntime } from "./worker-runtime.ts";

export interface WorkerPool {
  /** Lets the script answer; an unknown script, and one that throws, give Cloudflare's error pages. */
  dispatch(scriptName: string, request: EdgeRequest): Promise<EdgeReply>;
  close(): Promise<void>;
}

interface Running {
  readonly etag: string;
  readonly runtime: Promise<WorkerRuntime>;
  /** Requests on their way: a runtime is ended only when there are none. */
  active: number;
  retired: boolean;
}

/**
 * Opens the pool. A change of a script starts a new runtime at once, before a request asks for it; the former one answers
 * what it has begun. Errors of Workers go to `report`, for a person's eyes: a client sees only 1101.
 */
export function openWorkerPool(world: EdgeWorld, report: (message: string) => void): WorkerPool {
  const running = new Map<string, Running>();
  const ending = new Set<Promise<void>>();

  function retire(entry: Running): void {
    entry.retired = true;
    if (entry.active > 0) return;
    const end = entry.runtime
      .then((runtime) => runtime.close())
      // A runtime that never started has nothing to end.
      .catch(() => undefined)
      .finally(() => ending.delete(end));
    ending.add(end);
  }

  function ensure(name: string, script: EdgeScript): Running {
    const present = running.get(name);
    if (present?.etag === script.etag) return present;
    if (present !== undefined) retire(present);
    const runtime = startWorker(script, (line) => report(`${name}: ${line}`));
    const entry: Running = { etag: script.etag, runtime, active: 0, retired: false };
    entry.runtime.catch((error: unknown) => report(`${name} does not start: ${String(error)}`));
    running.set(name, entry);
    return entry;
  }

  function follow(): void {
    const scripts = world.scripts();
    for (const [name, script] of scripts) ensure(name, script);
    for (const [name, entry] of running) {
      if (scripts.has(name)) continue;
      running.delete(name);
      retire(entry);
    }
  }

  const releaseSignals = exitOnUnhandledSignals();
  const unsubscribe = world.subscribe(follow);
  follow();

  return {
    dispatch: async (name, request) => {
      const script = world.scripts().get(name);
      if (script === undefined) return renderPage("scriptMissing");
      const entry = ensure(name, script);
      entry.active += 1;
      try {
        const runtime = await entry.runtime;
        return await runtime.fetch(request, world);
      } catch (error) {
        report(`${name} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        return renderPage("workerThrew");
      } finally {
        entry.active -= 1;
        if (entry.retired) retire(entry);
      }
    },
    close: async () => {
      unsubscribe();
      for (const entry of running.values()) {
        entry.active = 0;
        retire(entry);
      }
      running.clear();
      await Promise.all(ending);
      releaseSignals();
    },
  };
}
