import { readdirSync, readFileSync } from "node:fs";

/** Returns the CPU seconds of a process and its children so far, of the threads that are alive. */
export function cpuSecondsOf(pid: number): number {
  // The scheduler's own count, in nanoseconds: the ticks in /proc/PID/stat are a twentieth of a short round.
  const own = readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadSeconds(pid, thread), 0);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === ""
    ? own
    : children.split(" ").reduce((sum, child) => sum + cpuSecondsOf(Number(child)), own);
}

function threadSeconds(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e9;
  } catch {
    // It ended between the two looks.
    return 0;
  }
}
