/**
 * A small Worker that stands before the uploaded one, which runs unchanged behind it: it puts right what the way through
 * Miniflare 4.2026 changes in a request, and marks the exceptions of the script.
 */

/** Names the headers that undici's fetch added on the way and the client did not send. */
export const ABSENT_HEADER = "mf-edge-absent";

/** On a reply whose body is the stack of an exception; Miniflare's own 500 could be a reply that the script meant. */
export const THREW_HEADER = "mf-edge-threw";

/** What undici's fetch adds where a caller gives none (fetch standard, "HTTP-network-or-cache fetch"). */
export const ADDED_BY_FETCH: readonly string[] = [
  "accept",
  "accept-language",
  "sec-fetch-mode",
  "user-agent",
];

/** The source of the Worker. Miniflare leaves its own loopback address in Host (the URL has the client's) and sends bodies in chunks. */
export const FRONT_WORKER: string = `export default {
  async fetch(incoming, env) {
    const headers = new Headers(incoming.headers);
    for (const name of (headers.get("${ABSENT_HEADER}") ?? "").split(",")) if (name !== "") headers.delete(name);
    headers.delete("${ABSENT_HEADER}");
    headers.delete("connection");
    headers.delete("transfer-encoding");
    headers.set("host", new URL(incoming.url).host);
    try {
      const body = incoming.body === null ? undefined : await incoming.arrayBuffer();
      const { url, method, cf } = incoming;
      return await env.USER.fetch(new Request(url, { method, headers, body, cf, redirect: "manual" }));
    } catch (error) {
      const text = String(error?.stack ?? error);
      return new Response(text, { status: 500, headers: { "${THREW_HEADER}": "1" } });
    }
  },
};`;
