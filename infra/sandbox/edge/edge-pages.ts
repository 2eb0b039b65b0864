/**
 * The edge's own answers, as plain text: Cloudflare's pages are HTML around the same codes.
 *
 * 1101: developers.cloudflare.com/workers/observability/errors (verified 2026-11-23). 1016 as 530, 521, 522, 523:
 * developers.cloudflare.com/support/troubleshooting. The others are common knowledge, not looked up; which code a missing
 * script gives is not documented ("other 11xx").
 */
import type { EdgeReply } from "./edge-exchange.ts";

export type EdgePage =
  | "badRequest"
  | "bodyTooLarge"
  | "methodNotAllowed"
  | "unknownHost"
  | "directAddress"
  | "crossAccount"
  | "nothingHere"
  | "workerThrew"
  | "scriptMissing"
  | "originUnresolved"
  | "originRefused"
  | "originTimeout"
  | "originUnreachable";

const PAGES: Readonly<Record<EdgePage, readonly [status: number, text: string]>> = {
  badRequest: [400, "400 Bad Request"],
  bodyTooLarge: [413, "413 Payload Too Large"],
  methodNotAllowed: [405, "405 Not Allowed"],
  /** The name resolves to the edge and no zone here serves it. */
  unknownHost: [409, "error code: 1001"],
  directAddress: [403, "error code: 1003"],
  /** "CNAME Cross-User Banned". */
  crossAccount: [403, "error code: 1014"],
  /** A `workers.dev` name without an enabled script. */
  nothingHere: [404, "There is nothing here yet"],
  /** The Worker threw. */
  workerThrew: [500, "error code: 1101"],
  /** A route or custom domain names a script that is not there. */
  scriptMissing: [500, "error code: 1104"],
  /** The target of a proxied CNAME has no address. */
  originUnresolved: [530, "error code: 1016"],
  originRefused: [521, "error code: 521"],
  originTimeout: [522, "error code: 522"],
  originUnreachable: [523, "error code: 523"],
};

/** Returns the page as plain text, never cached. */
export function renderPage(page: EdgePage): EdgeReply {
  const [status, text] = PAGES[page];
  return {
    status,
    headers: [
      ["content-type", "text/plain; charset=UTF-8"],
      ["cache-control", "no-store"],
    ],
    body: new TextEncoder().encode(`${text}\n`),
  };
}

/** What Always Use HTTPS answers: 301 to the same host, before any Worker runs. */
export function redirectToHttps(host: string, pathAndQuery: string): EdgeReply {
  return {
    status: 301,
    headers: [
      ["location", `https://${host}${pathAndQuery}`],
      ["cache-control", "max-age=3600"],
    ],
    body: new Uint8Array(),
  };
}
