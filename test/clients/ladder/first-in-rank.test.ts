import { expect, test } from "vitest";
import { firstInRank, type Attempt, type Race } from "../../../src/clients/ladder/first-in-rank.ts";
import { Trace } from "../../../src/clients/ladder/trace.ts";
import { memoryWorld } from "../memory-world.ts";

/** A place that takes its time, and gives a value or none. */
function place(
  ms: number,
  value: string | undefined,
  assumption?: string,
): (branch: Trace, race: Race) => Promise<Attempt<string>> {
  return async (branch) => {
    branch.wait(ms);
    return { value, assumptions: assumption === undefined ? [] : [assumption] };
  };
}

function begin(): Trace {
  const trace = Trace.begin(memoryWorld({ zones: {} }));
  trace.wait(5);
  return trace;
}

test("the first in rank wins, not the quickest", async () => {
  const trace = begin();
  const ranked = await firstInRank(trace, [place(50, undefined), place(300, "second"), place(1, "third")]);
  expect(ranked).toMatchObject({ value: "second", rank: 1 });
  expect(trace.elapsedMs).toBe(305);
});

test("a slow place of higher rank is waited for, one of lower rank is not", async () => {
  const trace = begin();
  await firstInRank(trace, [place(400, undefined), place(10, "second"), place(9000, undefined)]);
  expect(trace.elapsedMs).toBe(405);
});

test("a place of lower rank learns that it is not needed, and since when", async () => {
  const races: Race[] = [];
  const note = async (_: Trace, race: Race): Promise<Attempt<string>> => {
    races.push(race);
    return { value: undefined, assumptions: [] };
  };
  await firstInRank(begin(), [note, place(70, "second"), note]);
  expect(races).toEqual([
    { isOpen: true, decidedMs: Infinity },
    { isOpen: false, decidedMs: 75 },
  ]);
});

test("what is taken for granted is what the places of higher rank could not say", async () => {
  const ranked = await firstInRank(begin(), [
    place(0, undefined, "first"),
    place(0, "second"),
    place(0, undefined, "third"),
  ]);
  expect(ranked.assumptions).toEqual(["first"]);
});

test("with nothing found all are waited for, and no rank decides", async () => {
  const trace = begin();
  const ranked = await firstInRank(trace, [place(20, undefined, "first"), place(30, undefined)]);
  expect(ranked).toEqual({ value: undefined, assumptions: ["first"], rank: -1 });
  expect(trace.elapsedMs).toBe(35);
  expect(await firstInRank(trace, [])).toEqual({ value: undefined, assumptions: [], rank: -1 });
});
