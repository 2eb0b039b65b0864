import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sameSetQuota } from "../../../src/certificates/preflight/preflight-limits.ts";

const now = new Date("2026-11-23T12:00:00.000Z");

describe("the CA's limit for one set of names", () => {
  const hoursAgo = (hours: number): string => new Date(now.getTime() - hours * 3_600_000).toISOString();

  test.each([
    ["nothing issued", [], 5, 33.6],
    ["five at once", [0, 0, 0, 0, 0], 0, 33.6],
    ["five at once, a day ago", [24, 24, 24, 24, 24], 0, 9.6],
    ["five at once, 34 hours ago", [34, 34, 34, 34, 34], 1, 33.2],
    ["four at once", [0, 0, 0, 0], 1, 33.6],
    ["one a day for five days", [24, 48, 72, 96, 120], 3, 14.4],
  ])("after %s", (_title, hours, left, nextHours) => {
    const quota = sameSetQuota(hours.map(hoursAgo), now);
    expect(quota.left).toBe(left);
    expect((quota.nextAt.getTime() - now.getTime()) / 3_600_000).toBeCloseTo(nextHours, 5);
  });

  test("is that of a bucket that is filled tick by tick", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 8 }), (hours) => {
        // The bucket filled up tenth of an hour by tenth, which is exact for 33.6 h.
        let tokens = 5 * 336;
        const taken = new Map<number, number>();
        for (const hour of hours) taken.set(hour * 10, (taken.get(hour * 10) ?? 0) + 1);
        for (let tick = 4000; tick >= 0; tick -= 1) {
          tokens = Math.min(5 * 336, tokens + 1) - (taken.get(tick) ?? 0) * 336;
        }
        expect(sameSetQuota(hours.map(hoursAgo), now).left).toBe(Math.max(0, Math.floor(tokens / 336)));
      }),
    );
  });
});
