import * as fc from "fast-check";
import { expect, test } from "vitest";
import { closestZone, isWithin, parseHostName } from "../../src/spec/host-name.ts";

function valueOf(text: string): string | undefined {
  const result = parseHostName(text);
  return result.ok ? result.value : undefined;
}

test.each([
  ["mail.example.com", "mail.example.com"],
  [" MAIL.Example.COM. ", "mail.example.com"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["BÜCHER.EXAMPLE", "xn--bcher-kva.example"],
  ["XN--BCHER-KVA.example", "xn--bcher-kva.example"],
  ["bücher。example。", "xn--bcher-kva.example"],
  ["straße.example", "xn--strae-oqa.example"],
  [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
])("%j is the host name %s", (text, value) => {
  expect(valueOf(text)).toBe(value);
});

test.each([
  ["", "it is empty"],
  ["com", "it has a single label"],
  ["203.0.113.25", "it is an address, not a name"],
  ["10.1", "it is an address, not a name"],
  ["0x7f.0x1", "it is an address, not a name"],
  ["１９２.0.2.1", "it is an address, not a name"],
  ["2001:db8::1", "it is not a bare host name"],
  ["https://example.com", "it is not a bare host name"],
  ["alice@example.com", "it is not a bare host name"],
  ["mail example.com", "it is not a bare host name"],
  ["mail%2Eexample.com", "it is not a bare host name"],
  ["mail..example.com", "it has an empty label"],
  ["_dmarc.example.com", 'the label "_dmarc" is not allowed'],
  ["*.example.com", 'the label "*" is not allowed'],
  ["-mail.example.com", 'the label "-mail" is not allowed'],
  ["mail-.example.com", 'the label "mail-" is not allowed'],
  ["bü$cher.example", 'the label "xn--b$cher-3ya" is not allowed'],
  ["büch^er.example", "it cannot be converted to A-labels"],
  [`${"a.".repeat(125)}test`, "it has 254 octets, 253 is the limit"],
])("%j is refused: %s", (text, reason) => {
  expect(parseHostName(text)).toEqual({ ok: false, reason });
});

const nameLike = fc.oneof(
  fc.domain(),
  fc.string({ unit: "grapheme" }),
  fc
    .array(fc.string({ unit: "grapheme", maxLength: 70 }), { minLength: 2, maxLength: 5 })
    .map((labels) => labels.join(".")),
  fc.stringMatching(/^[a-z0-9.-]{1,80}$/),
  fc.stringMatching(/^(xn--)?[a-z0-9-]{1,10}\.[a-z]{2,5}$/),
);

test("a host name that was parsed parses to itself", () => {
  fc.assert(
    fc.property(nameLike, (text) => {
      const value = valueOf(text);
      return value === undefined || valueOf(value) === value;
    }),
    { numRuns: 1000 },
  );
});

test("no accepted name has a label over 63 octets, a name over 253, or a character outside LDH", () => {
  fc.assert(
    fc.property(nameLike, (text) => {
      const value = valueOf(text);
      if (value === undefined) return;
      expect(value.length).toBeLessThanOrEqual(253);
      for (const label of value.split(".")) expect(label).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 64, max: 120 }),
      (length) => valueOf(`${"a".repeat(length)}.test`) === undefined,
    ),
  );
});

test("every accepted name can stand in a URL unchanged", () => {
  fc.assert(
    fc.property(nameLike, (text) => {
      const value = valueOf(text);
      return value === undefined || new URL(`https://${value}/`).hostname === value;
    }),
    { numRuns: 1000 },
  );
});

test("a name lies within its zone by whole labels", () => {
  expect(isWithin("mail.example.com", "example.com")).toBe(true);
  expect(isWithin("example.com", "example.com")).toBe(true);
  expect(isWithin("notexample.com", "example.com")).toBe(false);
});

test("the closest enclosing zone is the longest one", () => {
  const zones = [{ name: "example.com" }, { name: "dept.example.com" }, { name: "example.net" }];
  expect(closestZone("mail.dept.example.com", zones)?.name).toBe("dept.example.com");
  expect(closestZone("mail.example.com", zones)?.name).toBe("example.com");
  expect(closestZone("mail.example.org", zones)).toBeUndefined();
});
