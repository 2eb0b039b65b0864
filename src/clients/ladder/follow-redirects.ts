import type { Reading, Trace } from "./trace.ts";
import type { WorldRequest, WorldResponse } from "../world/world.ts";

/** An answer with the place that gave it. */
export interface Arrival {
  /** The URL of the last request. */
  readonly url: string;
  readonly response: WorldResponse;
  /** True where a redirect led to the answer. */
  readonly wasRedirected: boolean;
}

export interface FollowOptions {
  /** Redirects that the client follows before it gives up. */
  readonly most: number;
  /** Says whether the client goes there; default: anywhere. */
  readonly accepts?: ((from: string, to: string) => boolean) | undefined;
}

/**
 * Sends a request and follows redirects as an HTTP library does: 301, 302 and 303 turn a POST into a GET, 307 and 308 keep
 * it (fetch standard, "HTTP-redirect fetch", step 12). `read` is asked for the last answer only.
 */
export async function followRedirects(
  trace: Trace,
  what: string,
  request: WorldRequest,
  options: FollowOptions,
  read: (response: WorldResponse, url: string) => Reading,
): Promise<Arrival> {
  let current = request;
  for (let left = options.most; ; left -= 1) {
    const { url } = current;
    let next: string | undefined;
    const response = await trace.request(what, current, (answer) => {
      next = left > 0 ? redirectTarget(answer, url) : undefined;
      if (next !== undefined && options.accepts?.(url, next) === false) next = undefined;
      return next === undefined ? read(answer, url) : redirectReading(answer, next);
    });
    if (next === undefined) return { url, response, wasRedirected: url !== request.url };
    current = redirected(current, response, next);
  }
}

/** Returns the absolute URL that a redirect names; undefined for any other answer, and over an untrusted connection. */
export function redirectTarget(response: WorldResponse, from: string): string | undefined {
  if (response.state !== "answered" || response.tlsError !== undefined) return undefined;
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const { location } = response.headers;
  const target = location === undefined ? null : URL.parse(location, from);
  return target !== null && /^https?:$/.test(target.protocol) ? target.href : undefined;
}

function redirected(asked: WorldRequest, response: WorldResponse, url: string): WorldRequest {
  const status = response.state === "answered" ? response.status : 0;
  // Authorization does not go along to another origin (fetch standard, "HTTP-redirect fetch", step 13).
  const { withPassword, ...bare } = asked;
  const isSameOrigin = new URL(url).origin === new URL(asked.url).origin;
  const request: WorldRequest = isSameOrigin && withPassword === true ? asked : bare;
  if ([307, 308].includes(status) || request.method === "HEAD") return { ...request, url };
  const { body: _, ...rest } = request;
  return { ...rest, method: request.method === "PROPFIND" ? request.method : "GET", url };
}

function redirectReading(response: WorldResponse, to: string): Reading {
  const status = response.state === "answered" ? response.status : 0;
  return { answer: `${status} to ${to}`, effect: "passed" };
}
