import type { ResponderRequest } from "./exchange.ts";

/** Where a request goes. */
export type Place = Pick<ResponderRequest, "host" | "path" | "search">;

const PLAIN_HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
/** A name whose last label is a number is an address to a URL parser. */
const NUMERIC_END = /(^|\.)(\d+|0x[\da-f]*)$/;
const PLAIN_PATH = /^\/[A-Za-z0-9_/-]*(?:\.[A-Za-z0-9_-]+[A-Za-z0-9_./-]*)?$/;
const PLAIN_QUERY = /^[A-Za-z0-9_.%=&@+-]*$/;

/**
 * Returns the place that a URL parser would find, where it would leave host and target as they are: nearly always, and for
 * much less than a URL costs. Undefined where only the parser can tell.
 */
export function plainPlace(authority: string, target: string): Place | undefined {
  const withoutPort = authority.includes(":") ? authority.replace(/:\d{0,4}$/, "") : authority;
  const host = withoutPort.toLowerCase();
  const question = target.indexOf("?");
  const path = question === -1 ? target : target.slice(0, question);
  const query = question === -1 ? "" : target.slice(question + 1);
  const isPlain =
    PLAIN_HOST.test(host) &&
    !NUMERIC_END.test(host) &&
    PLAIN_PATH.test(path) &&
    !path.includes("/.") &&
    PLAIN_QUERY.test(query);
  return isPlain ? { host, path, search: query === "" ? "" : `?${query}` } : undefined;
}
