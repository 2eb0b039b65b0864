import { expect, test } from "vitest";
import { runFuzz } from "./run-fuzz.ts";

test("damaged requests of real clients get no 5xx, no unescaped echo, no slow answer and no hang", async () => {
  const { statuses, unsendable, slowestMs } = await runFuzz(10_000, 20_261_123);
  // A fuzzer whose requests all end as 404 would find nothing.
  expect(statuses[200]).toBeGreaterThan(1500);
  for (const status of [301, 302, 400, 404, 405]) expect(statuses[status]).toBeGreaterThan(0);
  expect(unsendable).toBeLessThan(1000);
  expect(slowestMs).toBeLessThan(50);
}, 60_000);
