import { describe, expect, test } from "vitest";
import { awaitPropagation } from "../../../src/certificates/challenges/await-propagation.ts";
import type { IssuanceProgress } from "../../../src/certificates/order/issuance-progress.ts";
import type { Clock, ServerObservation } from "../../../src/certificates/ports.ts";

const never = new AbortController().signal;
const name = "_acme-challenge.example.com";

type State = ServerObservation["state"];

/** Plays a time-table of states by second, on a clock that only sleeping moves. */
async function play(
  timetable: (second: number) => readonly State[],
  timeoutMs = 120_000,
): Promise<{ seconds: number; asked: number; progress: readonly IssuanceProgress[] }> {
  let time = 0;
  let asked = 0;
  const progress: IssuanceProgress[] = [];
  const clock: Clock = {
    now: () => new Date(time),
    sleep: async (milliseconds) => {
      time += milliseconds;
      await Promise.resolve();
    },
  };
  const propagation = {
    observe: async (): Promise<readonly ServerObservation[]> => {
      asked += 1;
      const states = timetable(time / 1000).map((state, index) => ({ server: `ns${index + 1}`, state }));
      return await Promise.resolve(states);
    },
  };
  const report = (each: IssuanceProgress): void => void progress.push(each);
  await awaitPropagation(new Map([[name, ["value"]]]), timeoutMs, { clock, propagation, report }, never);
  return { seconds: time / 1000, asked, progress };
}

describe("awaitPropagation", () => {
  test("asks for the first time at once, and once is enough where all is there", async () => {
    expect(await play(() => ["complete", "complete"])).toMatchObject({ seconds: 0, asked: 1 });
  });

  test("waits for the last server", async () => {
    const { seconds, progress } = await play((second) => [
      "complete",
      second < 5 ? "incomplete" : "complete",
    ]);
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThan(8);
    expect(progress[0]).toEqual({ kind: "propagating", waitingFor: [`${name} at ns2 (incomplete)`] });
  });

  test("goes on without a server that has been silent for ten seconds", async () => {
    const { seconds } = await play(() => ["complete", "unreachable"]);
    expect(seconds).toBeGreaterThanOrEqual(10);
    expect(seconds).toBeLessThan(13);
  });

  test("waits twenty seconds in all where port 53 is blocked", async () => {
    const { seconds } = await play(() => ["unreachable", "unreachable"]);
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(seconds).toBeLessThan(23);
  });

  test("gives up at the limit and names the server", async () => {
    await expect(play(() => ["complete", "incomplete"], 30_000)).rejects.toMatchObject({
      code: "challenge-not-propagated",
      retryable: true,
      message: `The challenge's TXT records were not at all authoritative servers within 30 s: ${name} at ns2 (incomplete).`,
    });
  });
});
