import type { Trace } from "./trace.ts";

/** What one of several places that are asked at once gave. */
export interface Attempt<T> {
  /** Undefined where it gave nothing that the client takes. */
  readonly value: T | undefined;
  /** What is taken for granted where a lower rank decides: one sentence for each place that could not be looked at. */
  readonly assumptions: readonly string[];
}

export interface Ranked<T> extends Attempt<T> {
  /** The rank that decided; -1 where none did. */
  readonly rank: number;
}

/** How things stand when a place of some rank is asked. */
export interface Race {
  /** True where no higher rank gave anything: this one may decide. */
  readonly isOpen: boolean;
  /** When a higher rank decided, in milliseconds since the client's start; infinite while none did. */
  readonly decidedMs: number;
}

/**
 * Asks several places at once and takes the first in rank that gives something, as soon as all higher ones have failed
 * (Thunderbird's `promiseFirstSuccessful`, K-9's `PriorityParallelRunner`). All are asked, since all begin together; the
 * clock goes on to the decision.
 */
export async function firstInRank<T>(
  trace: Trace,
  places: readonly ((branch: Trace, race: Race) => Promise<Attempt<T>>)[],
): Promise<Ranked<T>> {
  const branches = places.map(() => trace.fork());
  const assumptions: string[] = [];
  const waitedFor: Trace[] = [];
  let decided: Ranked<T> | undefined;
  let decidedMs = Infinity;
  for (const [rank, place] of places.entries()) {
    const branch = branches[rank];
    if (branch === undefined) continue;
    const attempt = await place(branch, { isOpen: decided === undefined, decidedMs });
    if (decided !== undefined) continue;
    waitedFor.push(branch);
    assumptions.push(...attempt.assumptions);
    if (attempt.value === undefined) continue;
    decided = { value: attempt.value, assumptions, rank };
    decidedMs = Math.max(...waitedFor.map(({ elapsedMs }) => elapsedMs));
  }
  trace.join(...waitedFor);
  return decided ?? { value: undefined, assumptions, rank: -1 };
}
