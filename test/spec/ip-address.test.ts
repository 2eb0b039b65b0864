import { isIP } from "node:net";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressType, parseIpAddress } from "../../src/spec/ip-address.ts";

test.each([
  ["203.0.113.25", "203.0.113.25"],
  [" 203.0.113.25 ", "203.0.113.25"],
  ["2001:DB8::25", "2001:db8::25"],
  ["2001:0db8:0000:0000:0000:0000:0000:0025", "2001:db8::25"],
  ["2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["::ffff:203.0.113.25", "::ffff:cb00:7119"],
])("%j has the canonical form %s", (text, canonical) => {
  expect(parseIpAddress(text)).toBe(canonical);
});

test.each([
  "",
  "203.0.113.256",
  "203.0.113",
  "0203.0.113.25",
  "203.0.113.025",
  "0xcb.0.113.25",
  "203.0.113.25.",
  "::1%eth0",
  "[::1]",
  "1::2::3",
  "mail.example.com",
  "2001:db8::/32",
])("%j is not an address", (text) => {
  expect(parseIpAddress(text)).toBeUndefined();
});

test("the record type follows from the address", () => {
  expect(addressType("203.0.113.25")).toBe("A");
  expect(addressType("2001:db8::25")).toBe("AAAA");
});

test("every address is accepted, its form is canonical, and parsing it again changes nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const parsed = parseIpAddress(text);
      expect(parsed).toBeDefined();
      expect(parseIpAddress(parsed ?? "")).toBe(parsed);
      expect(parseIpAddress(text.toUpperCase())).toBe(parsed);
    }),
    { numRuns: 500 },
  );
});

test("nothing but an address is accepted", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.]{1,20}$/)), (text) => {
      const parsed = parseIpAddress(text);
      return parsed === undefined || (isIP(parsed) !== 0 && isIP(text.trim()) === isIP(parsed));
    }),
    { numRuns: 1000 },
  );
});
