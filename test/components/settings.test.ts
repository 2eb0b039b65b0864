import { expect, test } from "vitest";
import { parseKeyVersion, parseSchedule } from "../../src/components/settings.ts";

test("a schedule is a number of hours or days", () => {
  expect(parseSchedule("7d")).toBe(168);
  expect(parseSchedule(" 12h ")).toBe(12);
  expect(parseSchedule(undefined)).toBeUndefined();
  expect(parseSchedule("")).toBeUndefined();
});

test.each(["weekly", "0d", "-1d", "1.5d", "7"])("a schedule %s is refused with what to write", (text) => {
  expect(() => parseSchedule(text)).toThrow(expect.objectContaining({ code: "invalid-config" }));
});

test("a key version is a whole number", () => {
  expect(parseKeyVersion("3")).toBe(3);
  expect(parseKeyVersion(undefined)).toBeUndefined();
  expect(() => parseKeyVersion("v2")).toThrow(expect.objectContaining({ code: "invalid-config" }));
});
