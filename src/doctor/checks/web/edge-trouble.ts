import type { WorldResponse } from "../../../clients/world/world.ts";

/** Why Cloudflare's edge could not serve a name. */
export interface EdgeTrouble {
  readonly words: string;
  readonly remedy: string;
}

/**
 * Returns what an error of Cloudflare's edge itself says; undefined for any other answer. Those of four digits come with status 403,
 * 409, 429 or 530, and stand in the body alone: a page, plain text or JSON (developers.cloudflare.com/support/troubleshooting/
 * http-status-codes/, "Cloudflare 5XX errors", "Cloudflare 1XXX errors").
 */
export function edgeTrouble(
  { status, headers, body }: Extract<WorldResponse, { state: "answered" }>,
  host: string,
): EdgeTrouble | undefined {
  if (headers["server"]?.toLowerCase() !== "cloudflare" || status < 400) return undefined;
  const text = body.replaceAll(/<[^>]*>|["\s]+/g, " ");
  const told = /\berror(?:[ _]code)?[ :]+(1\d{3})\b/i.exec(text)?.[1];
  if (told === undefined && (status < 520 || status > 530)) return undefined;
  const code = told ?? String(status);
  const known = KNOWN[code];
  return {
    words: `HTTP ${status}, error ${code} of Cloudflare's edge${known === undefined ? "" : `: ${known.words}`}`,
    remedy: known?.remedy(host) ?? `Look up error ${code} of Cloudflare for ${host}.`,
  };
}

interface KnownError {
  readonly words: string;
  readonly remedy: (host: string) => string;
}

const UNREACHED: KnownError = {
  words: "it does not reach the server behind it",
  remedy: (host) => `Switch the proxy off for ${host}, or let its server answer the edge.`,
};
const UNTRUSTED: KnownError = {
  words: "it does not trust the server behind it",
  remedy: (host) => `Switch the proxy off for ${host}, or give its server a certificate.`,
};
const UNRESOLVED: KnownError = {
  words: "the record leads to no address",
  remedy: (host) => `Remove the record at ${host}, or the one that it leads to.`,
};

const KNOWN: Readonly<Record<string, KnownError>> = {
  "521": UNREACHED,
  "522": UNREACHED,
  "523": UNREACHED,
  "525": UNTRUSTED,
  "526": UNTRUSTED,
  "1001": UNRESOLVED,
  "1014": {
    words: "the record leads to a proxied name of another account",
    remedy: (host) => `Switch the proxy off for ${host} and for what it leads to, or remove the record.`,
  },
  "1016": UNRESOLVED,
};
