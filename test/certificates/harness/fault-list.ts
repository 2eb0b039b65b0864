import type { Fault, FaultEffect, GateRequest, InjectedFault } from "./gate-exchange.ts";

/** A fault that applies to one request. */
export interface MetFault {
  readonly effect: FaultEffect;
  /** To be called once the effect shows. */
  tell(): void;
}

interface Entry {
  readonly fault: Fault;
  readonly tell: () => void;
  skipped: number;
  count: number;
}

/** Faults that wait for their requests; the first that applies is the one that counts. */
export class FaultList {
  readonly #entries: Entry[] = [];

  inject(fault: Fault): InjectedFault {
    const { promise, resolve } = Promise.withResolvers<void>();
    const entry: Entry = { fault, tell: resolve, skipped: 0, count: 0 };
    this.#entries.push(entry);
    return {
      met: promise,
      get count() {
        return entry.count;
      },
      remove: () => {
        const index = this.#entries.indexOf(entry);
        if (index >= 0) this.#entries.splice(index, 1);
      },
    };
  }

  /** Returns the fault that this request meets, and counts it. */
  meet(request: GateRequest): MetFault | undefined {
    for (const entry of this.#entries) {
      const { meets, effect, skip = 0, times = 1 } = entry.fault;
      const applies = typeof meets === "string" ? meets === request.kind : meets(request);
      if (!applies || entry.count >= times) continue;
      if (entry.skipped < skip) {
        entry.skipped += 1;
        continue;
      }
      entry.count += 1;
      return { effect, tell: entry.tell };
    }
    return undefined;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
