import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  deriveRenewal,
  latestRenewal,
  partLeft,
  renewalDue,
  type RenewalState,
} from "../../../src/certificates/renewal/renewal.ts";

const DAY = 24 * 60 * 60 * 1000;
const start = Date.parse("2026-11-01T00:00:00.000Z");
const at = (days: number): string => new Date(start + days * DAY).toISOString();
const lasting = (days: number): { notBefore: string; notAfter: string } => ({
  notBefore: at(0),
  notAfter: at(days),
});

describe("deriveRenewal", () => {
  test.each([
    [90, 60],
    [64, (64 * 2) / 3],
    [45, 30],
    [10, (10 * 2) / 3],
    [160 / 24, 80 / 24],
  ])("renews a certificate of %d days after %d days where the CA suggests nothing", (days, renewedAfter) => {
    const { renewAt, basis } = deriveRenewal({ ...lasting(days), random: 0.7 });
    expect(Math.abs(Date.parse(renewAt) - Date.parse(at(renewedAfter)))).toBeLessThan(2);
    expect(basis).toBe("lifetime");
  });

  test("draws a time inside the CA's window", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const { renewAt, basis } = deriveRenewal({
          ...lasting(90),
          ariWindow: { start: at(59), end: at(61) },
          random,
        });
        expect(basis).toBe("ari");
        expect(renewAt >= at(59) && renewAt <= at(61)).toBe(true);
      }),
    );
  });

  test("takes a window that ends before it starts for no answer", () => {
    const { renewAt } = deriveRenewal({
      ...lasting(90),
      ariWindow: { start: at(10), end: at(10) },
      random: 0,
    });
    expect(renewAt).toBe(at(60));
  });
});

test("a sixth of the lifetime before its end is the latest time for a renewal", () => {
  expect(latestRenewal(lasting(90))).toBe(at(75));
  expect(partLeft(lasting(90), new Date(at(75)))).toBeCloseTo(1 / 6);
  expect(partLeft(lasting(90), new Date(at(91)))).toBe(0);
});

describe("renewalDue", () => {
  const state: RenewalState = { ...lasting(90), renewAt: at(60), ariWindow: { start: at(59), end: at(61) } };
  const dueAt = (days: number, other: Partial<RenewalState> = {}): ReturnType<typeof renewalDue> =>
    renewalDue({ ...state, ...other }, new Date(start + days * DAY));

  test("waits for the stored time", () => {
    expect(dueAt(59.9)).toEqual({ due: false, reason: `renewal from ${at(60)} (expires ${at(90)})` });
    expect(dueAt(60)).toEqual({ due: true, reason: `renewal due since ${at(60)}` });
  });

  test("does not wait any longer with a twentieth of the lifetime left, whatever the CA suggests", () => {
    const late = { renewAt: at(89), ariWindow: { start: at(88), end: at(89.5) } };
    expect(dueAt(85.4, late).due).toBe(false);
    expect(dueAt(85.5, late).reason).toContain("less than 1/20");
  });

  test("renews now where the CA moved its window into the past", () => {
    const moved = { ariWindow: { start: at(3), end: at(4) } };
    const reason = `the CA asks for a renewal now, as after an incident (its window ended on ${at(4)}`;
    expect(dueAt(5, moved)).toEqual({ due: true, reason: `${reason})` });
    const explanationUrl = "https://ca.test/why";
    expect(dueAt(5, { ...moved, explanationUrl }).reason).toBe(`${reason}; see ${explanationUrl})`);
  });

  test("calls a window that ended at its usual time no incident", () => {
    const late = { renewAt: at(70) };
    expect(dueAt(62, late)).toEqual({ due: true, reason: `the CA's renewal window ended on ${at(61)}` });
  });

  test("says of an expired certificate that it is", () => {
    expect(dueAt(91).reason).toBe(`expired on ${at(90)}`);
  });

  test("once due stays due", () => {
    const day = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(day, day, (a, b) => {
        expect(Number(dueAt(Math.max(a, b)).due)).toBeGreaterThanOrEqual(Number(dueAt(Math.min(a, b)).due));
      }),
    );
  });
});
