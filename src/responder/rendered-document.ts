import type { ResponderAnswer, ResponderRequest } from "./exchange.ts";
import { CACHE_CONTROL, SECURITY_HEADERS } from "./responses.ts";

/** A document with the headers of its answers: the same bytes have the same tag everywhere. */
export interface RenderedDocument {
  readonly ok: ResponderAnswer;
  readonly head: ResponderAnswer;
  readonly notModified: ResponderAnswer;
  readonly etag: string;
}

/** Adds headers and a strong ETag to a document's text or bytes. */
export async function renderDocument(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<RenderedDocument> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const etag = `"${await digest(bytes)}"`;
  const common = {
    ...SECURITY_HEADERS,
    "cache-control": CACHE_CONTROL,
    ...headers,
    etag,
  };
  const sized = { ...common, "content-length": String(bytes.byteLength) };
  return {
    // Text stays text: Node sends it in one write with the headers, bytes in a second one.
    ok: { status: 200, headers: sized, body },
    head: { status: 200, headers: sized, body: undefined },
    notModified: { status: 304, headers: common, body: undefined },
    etag,
  };
}

/** Returns the answer to a GET or HEAD. */
export function answerDocument(document: RenderedDocument, request: ResponderRequest): ResponderAnswer {
  const known = request.header("if-none-match");
  if (known !== undefined && hasTag(known, document.etag)) return document.notModified;
  return request.method === "HEAD" ? document.head : document.ok;
}

/** Weak comparison; `*` is any document that there is (RFC 9110 §13.1.2). */
function hasTag(known: string, etag: string): boolean {
  if (known.trim() === "*") return true;
  return known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
