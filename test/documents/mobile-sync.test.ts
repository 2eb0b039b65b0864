import { expect, test } from "vitest";
import { asksForMobileSync, renderMobileSyncError } from "../../src/documents/mobile-sync.ts";
import { expectGolden } from "../dns/golden-file.ts";

const SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";

test("a phone that asks for ActiveSync is told that there is no such provider, and nothing of Outlook's schema", () => {
  const document = renderMobileSyncError(new Date("2026-11-23T10:20:30.123Z"));
  expectGolden(new URL("golden/mobile-sync-error.xml", import.meta.url), document);
  expect(document).toContain("<ErrorCode>601</ErrorCode>");
  expect(document).not.toContain("outlook");
});

test.each([SCHEMA, ` ${SCHEMA.toUpperCase()} `])("a request with %j asks for ActiveSync", (schema) => {
  expect(asksForMobileSync(schema)).toBe(true);
});

test.each([undefined, "", SCHEMA.replace("mobilesync", "outlook")])(
  "a request with %j does not",
  (schema) => {
    expect(asksForMobileSync(schema)).toBe(false);
  },
);
