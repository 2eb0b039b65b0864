import type { DomainReport } from "./domain-report.ts";
import { isRight } from "./report-verdict.ts";
import type { VerifyTarget } from "./verify-domain.ts";

export interface WaitOptions {
  /** Milliseconds from the first look to the last one's beginning. */
  readonly waitMs: number;
  readonly failOn: "warn" | "fail";
  /** Milliseconds; monotonic. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Called before each pause with what is not right yet. */
  readonly onWait: (wrong: readonly DomainReport[], pauseMs: number, leftMs: number) => void;
}

/** A change at a provider is seen within seconds, a cached answer after minutes: often at first, then less. Milliseconds. */
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 30_000;
const GROWTH = 1.5;

/**
 * Looks again and again at the domains that are not right, until all are or the time is over; the last pause ends with it.
 * Returns the latest report of each target, in their order.
 *
 * @param verify Looks anew: what it remembers of an earlier look would never change.
 */
export async function waitUntilRight(
  targets: readonly VerifyTarget[],
  verify: (targets: readonly VerifyTarget[]) => Promise<readonly DomainReport[]>,
  { waitMs, failOn, now, sleep, onWait }: WaitOptions,
): Promise<readonly DomainReport[]> {
  const started = now();
  const latest = new Map<string, DomainReport>();
  let open = targets;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
    for (const report of await verify(open)) latest.set(report.domain, report);
    open = open.filter(({ domain }) => {
      const report = latest.get(domain);
      return report === undefined || !isRight(report, failOn);
    });
    const leftMs = waitMs - (now() - started);
    if (open.length === 0 || leftMs <= 0) break;
    const wrong = open.flatMap(({ domain }) => latest.get(domain) ?? []);
    const nextMs = Math.min(pauseMs, leftMs);
    onWait(wrong, nextMs, leftMs);
    await sleep(nextMs);
  }
  return targets.flatMap(({ domain }) => latest.get(domain) ?? []);
}
