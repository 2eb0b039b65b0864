import type { ResponderAnswer } from "./exchange.ts";

export const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** Programs in a browser may read what is published for programs. */
export const FOR_ANY_ORIGIN = { "access-control-allow-origin": "*" } as const;

export const TEXT = "text/plain; charset=utf-8";
export const JSON_TYPE = "application/json";

/** Seconds; a document may be kept for an hour at most, so that a change is seen the same day by every client. */
const MAX_AGE_SECONDS = 3600;
export const CACHE_CONTROL: string = `public, max-age=${MAX_AGE_SECONDS}`;

/** Text, not HTML: a page with status 200 ends the search of several clients, so nothing here looks like one. */
export const NOT_FOUND: ResponderAnswer = text(404, "Not found\n");

const uncachedHeaders = new Map<string, ResponderAnswer["headers"]>();

/** An answer made for one request only; `contentType` is one of few, as its headers are kept. */
export function uncached(body: string, contentType: string, status: 200 | 400 = 200): ResponderAnswer {
  let headers = uncachedHeaders.get(contentType);
  if (headers === undefined) {
    headers = { ...SECURITY_HEADERS, "content-type": contentType, "cache-control": "no-store" };
    uncachedHeaders.set(contentType, headers);
  }
  return { status, headers, body };
}

export function methodNotAllowed(allowed: readonly string[]): ResponderAnswer {
  return text(405, "Method not allowed\n", { allow: [...allowed, "OPTIONS"].join(", ") });
}

/** Status 200, since 204 at the place of a document is taken for one by some clients, whatever the method was. */
export function optionsOf(allowed: readonly string[]): ResponderAnswer {
  const methods = [...allowed, "OPTIONS"].join(", ");
  return {
    status: 200,
    headers: {
      allow: methods,
      "content-length": "0",
      ...FOR_ANY_ORIGIN,
      "access-control-allow-methods": methods,
      "access-control-allow-headers": "content-type",
    },
    body: undefined,
  };
}

/** The body repeats nothing of the request. A 301 without a bound would be kept for ever (RFC 9111 §4.2.2). */
export function redirect(status: 301 | 302, location: string): ResponderAnswer {
  return text(status, "See the Location header\n", {
    location,
    ...(status === 301 ? { "cache-control": CACHE_CONTROL } : {}),
  });
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): ResponderAnswer {
  return { status, headers: { ...SECURITY_HEADERS, "content-type": TEXT, ...headers }, body };
}
