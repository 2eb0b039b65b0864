import { expect, test } from "vitest";
import { cacheLoads } from "../../src/responder/bounded-cache.ts";

const LIMITS = { lifeMs: 60_000, absentLifeMs: 10_000, size: 3 };

function openCache(values: Readonly<Record<string, string>>): {
  get: (key: string) => Promise<string | undefined>;
  loads: string[];
  pass: (ms: number) => void;
} {
  const loads: string[] = [];
  let now = 0;
  const get = cacheLoads(
    async (key: string) => {
      loads.push(key);
      return values[key];
    },
    () => now,
    LIMITS,
  );
  return { get, loads, pass: (ms) => (now += ms) };
}

test("a value is loaded once in its life, and again after it", async () => {
  const { get, loads, pass } = openCache({ a: "1" });
  for (let ask = 0; ask < 3; ask += 1) expect(await get("a")).toBe("1");
  pass(LIMITS.lifeMs - 1);
  await get("a");
  expect(loads).toEqual(["a"]);
  pass(1);
  await get("a");
  expect(loads).toEqual(["a", "a"]);
});

test("that there is none is remembered for a shorter time", async () => {
  const { get, loads, pass } = openCache({});
  await get("a");
  await get("a");
  expect(loads).toEqual(["a"]);
  pass(LIMITS.absentLifeMs);
  expect(await get("a")).toBeUndefined();
  expect(loads).toEqual(["a", "a"]);
});

test("it holds so many values and lets the oldest go", async () => {
  const { get, loads } = openCache({ a: "1", b: "2", c: "3", d: "4" });
  for (const key of ["a", "b", "c", "d", "b", "c", "d"]) await get(key);
  expect(loads).toEqual(["a", "b", "c", "d"]);
  await get("a");
  expect(loads).toEqual(["a", "b", "c", "d", "a"]);
});

test("invented names push no real one out", async () => {
  const { get, loads } = openCache({ a: "1" });
  await get("a");
  for (let index = 0; index < 100; index += 1) await get(`x${index}`);
  loads.length = 0;
  expect(await get("a")).toBe("1");
  expect(loads).toEqual([]);
});

test("a value that goes is not remembered as what it was", async () => {
  const values: Record<string, string> = { a: "1" };
  const { get, pass } = openCache(values);
  await get("a");
  delete values["a"];
  pass(LIMITS.lifeMs);
  expect(await get("a")).toBeUndefined();
  values["a"] = "2";
  pass(LIMITS.absentLifeMs);
  expect(await get("a")).toBe("2");
});

test("a value whose load fails is used on for a short time, then loaded again; without one the failure is told", async () => {
  let now = 0;
  let loads = 0;
  let isDown = false;
  const get = cacheLoads(
    async () => {
      loads += 1;
      if (isDown) throw new Error("down");
      return String(loads);
    },
    () => now,
    LIMITS,
  );
  expect(await get("a")).toBe("1");
  isDown = true;
  now += LIMITS.lifeMs;
  expect([await get("a"), await get("a"), loads]).toEqual(["1", "1", 2]);
  await expect(get("b")).rejects.toThrow("down");
  isDown = false;
  now += LIMITS.absentLifeMs;
  expect(await get("a")).toBe("4");
});
