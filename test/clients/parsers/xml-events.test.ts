import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readXmlEvents } from "../../../src/clients/parsers/xml-events.ts";

test.each<[string, string]>([
  ["plain text", "Hello"],
  ["nothing at all", ""],
  ["several roots", "<a></a><b></b>"],
  ["an element that is never closed", "<html><p>"],
  [
    "a declaration, a document type, a comment, CDATA, an empty element",
    "<?xml?><!DOCTYPE a><!-- < --><a><![CDATA[<b>]]><c/></a>",
  ],
  ["an angle bracket in an attribute", `<a b=">"></a>`],
])("passes %s", (_, text) => {
  expect(readXmlEvents(text)).toBeDefined();
});

test.each<[string, string]>([
  ["an end tag without a start", "</a>"],
  ["an end tag of another element", "<a><b></a>"],
  ["a tag that does not end", "<a></a"],
  ["a comment that does not end", "<!-- "],
])("refuses %s", (_, text) => {
  expect(readXmlEvents(text)).toBeUndefined();
});

test("names, attributes and trimmed texts are given, in their order", () => {
  expect(readXmlEvents(`<A x="1" y='2'> text <b/></A >`)).toEqual([
    { kind: "start", name: "A", attributes: { x: "1", y: "2" } },
    { kind: "text", text: "text" },
    { kind: "end", name: "A" },
  ]);
});

test("any text ends in events or in a refusal, never in an error", () => {
  const piece = fc.constantFrom("<", ">", "/", "!", "--", "?", "a", " ", "=", `"`, "'", "[CDATA[", "]]>");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const events = readXmlEvents(pieces.join(""));
      expect(events === undefined || Array.isArray(events)).toBe(true);
    }),
  );
});
