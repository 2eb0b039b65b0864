import { expect, test } from "vitest";
import { measure, median } from "./measure.ts";
import { renderTable } from "./render-table.ts";

test("the median is the middle value, whatever the order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(3);
  expect(median([])).toBeNaN();
});

test("work runs as often as asked, one after the other", async () => {
  const log: string[] = [];
  const { wallMs, firstMs } = await measure(3, async () => {
    log.push("start");
    await Promise.resolve();
    log.push("end");
  });
  expect(log).toEqual(["start", "end", "start", "end", "start", "end"]);
  expect(Math.min(wallMs, firstMs)).toBeGreaterThan(0);
});

test("a table aligns names to the left and figures to the right", () => {
  expect(
    renderTable(
      ["way", "calls"],
      [
        ["a", "1"],
        ["longer", "1,000"],
      ],
      1,
    ),
  ).toBe("way     calls\n------  -----\na           1\nlonger  1,000");
});
