import { setImmediate } from "node:timers/promises";

/** How long something took, as the median of its runs. */
export interface Timing {
  readonly wallMs: number;
  /** Of this process, in all its threads. */
  readonly cpuMs: number;
  /** The first run: what a program that starts anew for each preview gets. */
  readonly firstMs: number;
}

/**
 * Runs `work` several times, one after the other. The event loop turns before each: after seconds of computing, the
 * client has to see which of its connections the server closed as idle.
 */
export async function measure(runs: number, work: () => unknown): Promise<Timing> {
  const walls: number[] = [];
  const cpus: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await setImmediate();
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    await work();
    walls.push(performance.now() - before);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpus.push((user + system) / 1000);
  }
  return { wallMs: median(walls), cpuMs: median(cpus), firstMs: walls[0] ?? NaN };
}

/** Returns the middle value, of an even number the upper one of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
