/**
 * Which Worker route a URL takes.
 *
 * Rules: developers.cloudflare.com/workers/configuration/routing/routes ("Matching behavior") and
 * .../workers/platform/known-issues ("Route specificity"), verified 2026-11-23. `*` stands only at the start of the host and
 * at the end of the path; the path is compared with its case, the host without; the query is part of what is compared, so
 * that a pattern without a trailing `*` never matches a URL with a query.
 */
import type { ObservedRoute } from "./observed-zone.ts";

/** A pattern taken apart. */
export interface RoutePattern {
  /** Absent matches both. */
  readonly scheme: "http" | "https" | undefined;
  /** Lower case, without the leading `*`. */
  readonly host: string;
  readonly hostWildcard: boolean;
  /** Starts with `/`, without the trailing `*`. */
  readonly path: string;
  readonly pathWildcard: boolean;
}

export interface RouteTarget {
  readonly scheme: "http" | "https";
  /** Without port. */
  readonly host: string;
  /** Path and query as requested, starting with `/`. */
  readonly pathAndQuery: string;
}

const PATTERN = /^(?:(https?):\/\/)?(\*?)([^/*?#:]*)(?:(\/[^*?#]*)(\*?))?$/i;

/** Returns the parts of `pattern`; undefined where the API would refuse it (error 10022). */
export function parseRoutePattern(pattern: string): RoutePattern | undefined {
  const match = PATTERN.exec(pattern);
  if (match === null) return undefined;
  const [, scheme, star, host, path, pathStar] = match;
  if ((host ?? "") === "" && star === "") return undefined;
  return {
    scheme: scheme === undefined ? undefined : (scheme.toLowerCase() as "http" | "https"),
    host: (host ?? "").toLowerCase(),
    hostWildcard: star === "*",
    path: path ?? "/",
    pathWildcard: pathStar === "*",
  };
}

export function matchesPattern(pattern: RoutePattern, target: RouteTarget): boolean {
  if (pattern.scheme !== undefined && pattern.scheme !== target.scheme) return false;
  const host = target.host.toLowerCase();
  const hostMatches = pattern.hostWildcard ? host.endsWith(pattern.host) : host === pattern.host;
  if (!hostMatches) return false;
  return pattern.pathWildcard
    ? target.pathAndQuery.startsWith(pattern.path)
    : target.pathAndQuery === pattern.path;
}

/** Returns the most specific route that matches; undefined where none does. */
export function matchRoute<R extends Pick<ObservedRoute, "pattern">>(
  routes: readonly R[],
  target: RouteTarget,
): R | undefined {
  let best: { route: R; pattern: RoutePattern } | undefined;
  for (const route of routes) {
    const pattern = parseRoutePattern(route.pattern);
    if (pattern === undefined || !matchesPattern(pattern, target)) continue;
    if (best === undefined || compareSpecificity(pattern, best.pattern) > 0) best = { route, pattern };
  }
  return best?.route;
}

/**
 * Positive where `a` is more specific. The host decides before the path (known issue: `a.example.com/*` beats
 * `*.example.com/a`), and a trailing `/*` counts no more than `*` (known issue: `/images*` beats `/images/*`).
 */
export function compareSpecificity(a: RoutePattern, b: RoutePattern): number {
  return (
    Number(b.hostWildcard) - Number(a.hostWildcard) ||
    a.host.length - b.host.length ||
    Number(b.pathWildcard) - Number(a.pathWildcard) ||
    pathWeight(a) - pathWeight(b) ||
    Number(b.path.endsWith("/")) - Number(a.path.endsWith("/")) ||
    // Not documented: a scheme given is taken for more specific than none.
    Number(a.scheme !== undefined) - Number(b.scheme !== undefined)
  );
}

function pathWeight(pattern: RoutePattern): number {
  return pattern.path.endsWith("/") ? pattern.path.length - 1 : pattern.path.length;
}
