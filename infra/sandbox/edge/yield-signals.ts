/**
 * Miniflare 4.2026 ends the process from its own SIGINT and SIGTERM listeners (src/exit-hook.ts), which would cut short
 * whatever else the program has to put in order. Here its listeners are taken off; its `exit` listener, which ends workerd,
 * stays. To be removed once Miniflare leaves signals to its host.
 */

const SIGNALS = [
  ["SIGINT", 2],
  ["SIGTERM", 15],
] as const;

/** Calls `construct` and takes off the signal listeners that it has added. */
export function withoutSignalListeners<T>(construct: () => T): T {
  const before = SIGNALS.map(([signal]) => process.listeners(signal));
  const made = construct();
  for (const [index, [signal]] of SIGNALS.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.removeListener(signal, listener);
    }
  }
  return made;
}

/** Ends the process on a signal that nobody else handles, so that workerd is ended with it. Returns the way back. */
export function exitOnUnhandledSignals(): () => void {
  const listeners = SIGNALS.map(([signal, number]) => {
    const listener = (): void => {
      const isAlone = process.listeners(signal).every((other) => OWN.has(other));
      if (isAlone) process.exit(128 + number);
    };
    OWN.add(listener);
    process.on(signal, listener);
    return [signal, listener] as const;
  });
  return () => {
    for (const [signal, listener] of listeners) process.removeListener(signal, listener);
  };
}

const OWN = new WeakSet<(...args: never[]) => unknown>();
