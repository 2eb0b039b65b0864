/** Orders in flight at one CA in one process. Let's Encrypt allows an address 20 nonces a second; more orders gain nothing. */
const ORDERS_IN_FLIGHT = 2;

const busy = new Map<string, number>();
const waiting = new Map<string, (() => void)[]>();

/** Runs `work` once fewer than two others run for the same key, in the order of the calls. An aborted wait rejects with its reason. */
export async function inIssuanceQueue<T>(
  key: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await enter(key, signal);
  try {
    return await work();
  } finally {
    leave(key);
  }
}

async function enter(key: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const running = busy.get(key) ?? 0;
  if (running < ORDERS_IN_FLIGHT) {
    busy.set(key, running + 1);
    return;
  }
  const queue = waiting.get(key) ?? [];
  waiting.set(key, queue);
  await new Promise<void>((resolve, reject) => {
    const proceed = (): void => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    };
    const giveUp = (): void => {
      queue.splice(queue.indexOf(proceed), 1);
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    queue.push(proceed);
    signal.addEventListener("abort", giveUp, { once: true });
  });
}

/** The place goes to the next in the queue, so the count stays; only an empty queue frees it. */
function leave(key: string): void {
  const next = waiting.get(key)?.shift();
  if (next === undefined) busy.set(key, (busy.get(key) ?? 1) - 1);
  else next();
}
