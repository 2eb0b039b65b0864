const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** A document may be kept for an hour at most, so that a change is seen the same day by every client. */
const CACHE_CONTROL = "public, max-age=3600";

/** Returns an answer for GET and HEAD with a strong ETag; the same bytes have the same tag everywhere. */
export function document(body: string, contentType: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const bytes = new TextEncoder().encode(body);
    const etag = `"${await digest(bytes)}"`;
    const headers = {
      ...SECURITY_HEADERS,
      "content-type": contentType,
      "cache-control": CACHE_CONTROL,
      "access-control-allow-origin": "*",
      etag,
    };
    const known = (request.headers.get("if-none-match") ?? "")
      .split(",")
      .map((tag) => tag.trim().replace(/^W\//, ""));
    if (known.includes(etag)) return new Response(null, { status: 304, headers });
    const head = { ...headers, "content-length": String(bytes.byteLength) };
    return new Response(request.method === "HEAD" ? null : bytes, { status: 200, headers: head });
  };
}

/** An answer made for one request only. */
export function uncached(body: string, contentType: string): Response {
  return new Response(body, {
    status: 200,
    headers: { ...SECURITY_HEADERS, "content-type": contentType, "cache-control": "no-store" },
  });
}

/** Text, not HTML: a page with status 200 ends the search of several clients, so nothing here looks like one. */
export function notFound(): Response {
  return text(404, "Not found\n");
}

export function methodNotAllowed(allowed: readonly string[]): Response {
  return text(405, "Method not allowed\n", { allow: [...allowed, "OPTIONS"].join(", ") });
}

export function optionsOf(allowed: readonly string[]): Response {
  const methods = [...allowed, "OPTIONS"].join(", ");
  return new Response(null, {
    status: 204,
    headers: { allow: methods, "access-control-allow-origin": "*", "access-control-allow-methods": methods },
  });
}

export function redirect(status: 301 | 302, location: string): Response {
  return text(status, `See ${location}\n`, { location });
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, {
    status,
    headers: { ...SECURITY_HEADERS, "content-type": "text/plain; charset=utf-8", ...headers },
  });
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
