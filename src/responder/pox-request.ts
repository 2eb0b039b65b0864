import { XMLParser, XMLValidator } from "fast-xml-parser";

/** A request body that is longer is refused: real ones have about 400 octets. */
export const MAX_REQUEST_BYTES = 8192;

export type PoxRequest =
  | { readonly ok: true; readonly address: string | undefined; readonly responseSchema: string | undefined }
  | { readonly ok: false };

// Names only: no attributes, no DTD, no entities of a document's own. `htmlEntities` is what makes the parser decode
// character references (`&#39;`), which are XML; that HTML's names are decoded with them does no harm.
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: true,
  processEntities: true,
  htmlEntities: true,
});

/**
 * Reads an Autodiscover POX request as leniently as Exchange does: any prefix and namespace, children in any order,
 * a byte order mark, UTF-8 or UTF-16. A document type declaration is refused before any parsing.
 */
export function parsePoxRequest(body: Uint8Array): PoxRequest {
  if (body.byteLength > MAX_REQUEST_BYTES) return { ok: false };
  const text = decode(body).trim();
  if (text === "" || /<!(DOCTYPE|ENTITY)/i.test(text)) return { ok: false };
  const root = record(parse(text)?.["Autodiscover"]);
  const request = record(root?.["Request"]);
  if (request === undefined) return { ok: false };
  return {
    ok: true,
    address: leaf(request["EMailAddress"]),
    responseSchema: leaf(request["AcceptableResponseSchema"]),
  };
}

/** The parser throws at names such as `constructor` and at deep nesting, both well-formed: such a body is refused. */
function parse(text: string): Record<string, unknown> | undefined {
  try {
    return XMLValidator.validate(text) === true ? record(parser.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}

function decode(body: Uint8Array): string {
  const [first, second] = body;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(body);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(body);
  return new TextDecoder("utf-8").decode(body);
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function leaf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
