import { XMLParser, XMLValidator } from "fast-xml-parser";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { escapeXml } from "../../src/documents/xml.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

// Carriage returns are turned into line feeds by every XML parser (XML 1.0 §2.11), escaping or not.
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("&", "<", ">", '"', "'", ";", "#", "x", "]", "amp", "lt") }),
  )
  .filter((value) => !/[\r\uFFFE\uFFFF]/.test(value));

test("escaped text comes back unchanged from an XML parser, as content and as an attribute", () => {
  fc.assert(
    fc.property(text, (value) => {
      const xml = `<root><a b="${escapeXml(value)}">x${escapeXml(value)}x</a></root>`;
      expect(XMLValidator.validate(xml)).toBe(true);
      const { a } = (parser.parse(xml) as { root: { a: Record<string, string> } }).root;
      // oxlint-disable-next-line no-control-regex -- these are the characters that XML forbids
      const allowed = value.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, "");
      expect(a["#text"]).toBe(`x${allowed}x`);
      // An attribute's line feed is read as a space (XML 1.0 §3.3.3).
      expect(a["@b"]?.replaceAll("\n", " ")).toBe(allowed.replaceAll("\n", " "));
    }),
    { numRuns: 1000 },
  );
});

test("whatever the text, no markup and no quote is left in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      expect(escapeXml(value)).toMatch(/^(?:[^<>"'&]|&#\d+;)*$/u);
    }),
  );
});

test("characters that XML forbids are dropped, a lone surrogate among them", () => {
  expect(escapeXml("a\u0000b\u001Fc\uFFFEd\uD800e\tf\ng😀")).toBe("abcde\tf\ng😀");
});
