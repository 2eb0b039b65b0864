import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseTxt, quoteTxt } from "../../src/dns/txt-text.ts";

test("a text is quoted, and split at 255 octets without anything lost between", () => {
  expect(quoteTxt("v=spf1 mx -all")).toBe('"v=spf1 mx -all"');
  expect(quoteTxt("")).toBe('""');
  expect(quoteTxt("a".repeat(255))).toBe(`"${"a".repeat(255)}"`);
  expect(quoteTxt("a".repeat(256))).toBe(`"${"a".repeat(255)}" "a"`);
});

test("quotes and backslashes are escaped, and so is what is not printable ASCII", () => {
  expect(quoteTxt(String.raw`say "\"`)).toBe(String.raw`"say \"\\\""`);
  expect(quoteTxt("é\n")).toBe(String.raw`"\195\169\010"`);
});

test.each([
  ["v=spf1 mx -all", "v=spf1 mx -all"],
  ['"v=spf1" " mx -all"', "v=spf1 mx -all"],
  ['"v=spf1"" mx -all"', "v=spf1 mx -all"],
  [String.raw`v=DKIM1\; p=`, "v=DKIM1; p="],
  [String.raw`"a\059b"`, "a;b"],
  [String.raw`"a\999b"`, "a999b"],
  ['  "a"  ', "a"],
  ['say "hi"', 'say "hi"'],
  ['"open', "open"],
  ["", ""],
])("the content %j means %j", (content, text) => {
  expect(parseTxt(content)).toBe(text);
});

test("what is quoted reads back as it was, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 900 }), (text) => {
      expect(parseTxt(quoteTxt(text))).toBe(text);
    }),
  );
});

test("no character-string has more than 255 octets, and all is printable ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 900 }), (text) => {
      const quoted = quoteTxt(text);
      expect(quoted).toMatch(/^"[\u0020-\u007E]*"$/);
      for (const [, inner = ""] of quoted.matchAll(/"((?:[^"\\]|\\.)*)"/g)) {
        expect(inner.replaceAll(/\\\d{3}|\\./g, "x").length).toBeLessThanOrEqual(255);
      }
    }),
  );
});
