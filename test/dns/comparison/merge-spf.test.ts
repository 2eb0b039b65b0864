import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeSpf } from "../../../src/dns/comparison/merge-spf.ts";

const term = fc.constantFrom(
  "mx",
  "a",
  "+mx",
  "include:_spf.example.net",
  "include:_SPF.example.org",
  "ip4:192.0.2.0/24",
  "ip6:2001:db8::/32",
  "~a:mail.example.com",
);
const record = fc
  .tuple(
    fc.array(term, { maxLength: 5 }),
    fc.constantFrom("", " -all", " ~all", " ?all", " redirect=x.example"),
  )
  .map(([terms, end]) => `v=spf1${terms.map((text) => ` ${text}`).join("")}${end}`);

describe("a shared SPF record is completed, never doubled", () => {
  test("theirs stays in its order, what it lacks of ours follows before its end", () => {
    expect(mergeSpf("v=spf1 include:_spf.example.net ip4:192.0.2.1 ~all", "v=spf1 mx -all")).toBe(
      "v=spf1 include:_spf.example.net ip4:192.0.2.1 mx ~all",
    );
    expect(mergeSpf("v=spf1 +MX -all", "v=spf1 mx -all")).toBe("v=spf1 +MX -all");
    expect(mergeSpf("v=spf1 redirect=_spf.example.net", "v=spf1 mx -all")).toBe(
      "v=spf1 mx redirect=_spf.example.net",
    );
    expect(mergeSpf("v=spf1", "v=spf1 mx -all")).toBe("v=spf1 mx -all");
  });

  test("merging twice changes nothing, and no term of theirs is lost", () => {
    fc.assert(
      fc.property(record, record, (theirs, ours) => {
        const merged = mergeSpf(theirs, ours);
        expect(mergeSpf(merged, ours)).toBe(merged);
        for (const part of theirs.split(" ")) expect(merged.split(" ")).toContain(part);
        expect(merged.match(/\b(all|redirect=)/g)?.length ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });
});
