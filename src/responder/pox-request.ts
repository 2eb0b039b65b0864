import { parseXml, type XmlElement } from "./parse-xml.ts";

/** A request body that is longer is refused: real ones have about 400 octets. */
export const MAX_REQUEST_BYTES = 8192;

export type PoxRequest =
  | {
      readonly ok: true;
      readonly address: string | undefined;
      /** The mailbox's name in an Exchange directory stands in place of an address (MS-OXDSCLI §3.2.5). */
      readonly hasLegacyDn: boolean;
      readonly responseSchema: string | undefined;
    }
  | { readonly ok: false };

const UTF_8 = new TextDecoder("utf-8");
/** ASCII in UTF-16 that was read as UTF-8, which its sender said it was: neither octet of the mark, if there is one, is UTF-8. */
// oxlint-disable-next-line no-control-regex -- NUL is what tells it
const MISLABELLED = /^(?:\uFFFD\uFFFD)?(?:(?:[\u0001-\u007F]\0)+|(?:\0[\u0001-\u007F])+)$/;

/**
 * The request as every Outlook writes it, which one expression reads in a tenth of the parser's time. It matches nothing
 * that the parser would understand in another way: no comment, no reference, no second child of a name.
 */
const USUAL =
  /^(?:<\?xml [^<>?]*\?>\s*)?<Autodiscover xmlns="[^"<]*">\s*<Request>\s*<EMailAddress>([^<&]*)<\/EMailAddress>\s*<AcceptableResponseSchema>([^<&]*)<\/AcceptableResponseSchema>\s*<\/Request>\s*<\/Autodiscover>$/;

/**
 * Reads an Autodiscover POX request as leniently as Exchange does: any prefix and namespace, children in any order,
 * a byte order mark, UTF-8 or UTF-16, which the mark tells whatever the label says (RFC 7303 §3.2). A document type declaration is refused before any parsing.
 */
export function parsePoxRequest(body: Uint8Array | string): PoxRequest {
  if (body.length > MAX_REQUEST_BYTES) return { ok: false };
  const text = (typeof body === "string" ? relabel(body) : decode(body)).trim();
  const [, address, responseSchema] = USUAL.exec(text) ?? [];
  if (address !== undefined && responseSchema !== undefined) {
    return {
      ok: true,
      address: address.trim() || undefined,
      hasLegacyDn: false,
      responseSchema: responseSchema.trim() || undefined,
    };
  }
  return parseUnusual(text);
}

/** Reads any other request; of no use to callers but to compare the short way with. */
export function parseUnusual(text: string): PoxRequest {
  if (text === "" || /<!(DOCTYPE|ENTITY)/i.test(text)) return { ok: false };
  const root = parseXml(text);
  const request = root?.name === "Autodiscover" ? only(root, "Request") : undefined;
  if (request === undefined) return { ok: false };
  return {
    ok: true,
    address: leaf(only(request, "EMailAddress")),
    hasLegacyDn: leaf(only(request, "LegacyDN")) !== undefined,
    responseSchema: leaf(only(request, "AcceptableResponseSchema")),
  };
}

function decode(body: Uint8Array): string {
  const [first, second] = body;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(body);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(body);
  // XML begins with an ASCII character, so a NUL beside it tells the same without a mark (XML 1.0 appendix F).
  if (first !== 0 && second === 0) return new TextDecoder("utf-16le").decode(body);
  if (first === 0 && second !== 0) return new TextDecoder("utf-16be").decode(body);
  return UTF_8.decode(body);
}

function relabel(text: string): string {
  return MISLABELLED.test(text) ? text.replaceAll(/[\uFFFD\0]/g, "") : text;
}

/** The one child of this name; where there are two, nobody can say which one is meant. */
function only(element: XmlElement, name: string): XmlElement | undefined {
  const found = element.children.filter((child) => child.name === name);
  return found.length === 1 ? found[0] : undefined;
}

function leaf(element: XmlElement | undefined): string | undefined {
  return element === undefined || element.children.length > 0 || element.text === ""
    ? undefined
    : element.text;
}
