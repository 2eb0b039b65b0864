import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sha1 } from "../../src/documents/sha1.ts";
import { uuidV5 } from "../../src/documents/uuid-v5.ts";

test("SHA-1 is that of another implementation, for every length around the block's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      expect(Buffer.from(sha1(octets)).toString("hex")).toBe(createHash("sha1").update(octets).digest("hex"));
    }),
    { numRuns: 1000 },
  );
});

test("a UUID has version 5 and the variant of RFC 9562", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (url) => {
      expect(uuidV5(url)).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    }),
  );
});

// From python3's `uuid.uuid5(uuid.NAMESPACE_URL, ...)`.
test("a UUID is that of another implementation", () => {
  expect(uuidV5("https://www.example.com/")).toBe("3D3ED9D2-AA3D-5FA6-90E8-ED662E90F559");
});
