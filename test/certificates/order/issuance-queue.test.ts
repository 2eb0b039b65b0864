import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { inIssuanceQueue } from "../../../src/certificates/order/issuance-queue.ts";

const never = new AbortController().signal;

test("at most two run at once, in the order of their calls, and all run", async () => {
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const work = async (index: number): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    order.push(index);
    await turn();
    running -= 1;
  };
  await Promise.all(Array.from({ length: 11 }, (_, index) => inIssuanceQueue("a", never, () => work(index))));
  expect(most).toBe(2);
  expect(order).toEqual(Array.from({ length: 11 }, (_, index) => index));
});

test("who gives up while waiting leaves the others their places", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = Array.from({ length: 4 }, () => inIssuanceQueue("b", never, () => promise));
  const abort = new AbortController();
  const waiting = inIssuanceQueue("b", abort.signal, () => Promise.reject(new Error("ran")));
  const last = inIssuanceQueue("b", never, () => Promise.resolve("ran"));
  abort.abort(new Error("given up"));
  await expect(waiting).rejects.toThrow("given up");
  resolve();
  await Promise.all(held);
  await expect(last).resolves.toBe("ran");
});

test("a failure frees its place", async () => {
  for (let round = 0; round < 6; round += 1) {
    await expect(inIssuanceQueue("c", never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
  await expect(inIssuanceQueue("c", never, () => Promise.resolve(1))).resolves.toBe(1);
});
