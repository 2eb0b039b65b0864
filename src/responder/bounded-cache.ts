export interface CacheLimits {
  /** Milliseconds that a value found is used. */
  readonly lifeMs: number;
  /** Milliseconds that "there is none" is used: shorter, so that a new domain is seen soon. */
  readonly absentLifeMs: number;
  /** Entries kept, of either kind; the oldest goes first. */
  readonly size: number;
}

/** Life and size of what one isolate or process keeps of the store. */
export const CACHE_LIMITS: CacheLimits = { lifeMs: 60_000, absentLifeMs: 10_000, size: 1000 };

interface Entry<Value> {
  readonly value: Value;
  readonly until: number;
}

/**
 * Returns `load` with a memory. Values and absences are kept apart: requests for invented names push no real one out.
 * Two callers that miss at once both load: a Worker may not await a promise that belongs to another request. `load` is told
 * the value whose life is over, where there is one; where `load` fails, that value is used on, and asked for again soon.
 */
export function cacheLoads<Value>(
  load: (key: string, former: Value | undefined) => Promise<Value | undefined>,
  now: () => number,
  limits: CacheLimits = CACHE_LIMITS,
): (key: string) => Promise<Value | undefined> {
  const found = new Map<string, Entry<Value>>();
  const absent = new Map<string, Entry<undefined>>();
  return async (key) => {
    const entry = found.get(key) ?? absent.get(key);
    if (entry !== undefined && now() < entry.until) return entry.value;
    let value: Value | undefined;
    try {
      value = await load(key, entry?.value);
    } catch (error) {
      if (entry?.value === undefined) throw error;
      found.set(key, { value: entry.value, until: now() + limits.absentLifeMs });
      return entry.value;
    }
    found.delete(key);
    absent.delete(key);
    if (value === undefined)
      remember(absent, key, { value, until: now() + limits.absentLifeMs }, limits.size);
    else remember(found, key, { value, until: now() + limits.lifeMs }, limits.size);
    return value;
  };
}

/** A Map iterates in the order of insertion, and an entry is inserted anew with each load: the first is the oldest. */
function remember<T>(entries: Map<string, T>, key: string, entry: T, size: number): void {
  const [oldest] = entries.size < size ? [] : entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
  entries.set(key, entry);
}
