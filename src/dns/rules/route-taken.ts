import type { ObservedRoute, ObservedZone } from "../observed-zone.ts";
import type { AuditInput, Rule, RuleViolation } from "./rule.ts";

interface RoutePattern {
  /** Undefined: http and https. */
  readonly scheme: string | undefined;
  /** Lower case; may start with `*`. */
  readonly host: string;
  /** With its first `/`, as written: the path is case-sensitive. Empty where the pattern has none. */
  readonly path: string;
}

/**
 * A pattern belongs to one route of a zone: a second one is refused with 10020 (`duplicate_route`), which the provider
 * repeats for minutes before it says so. Another script's route with a longer pattern on our host takes those requests,
 * since the most specific pattern wins; at a Worker custom domain any route does, also one with a wildcard, since
 * routes run first. At a route of ours a wildcard (`*.example.com/*`) is less specific and does no harm
 * (developers.cloudflare.com/workers/configuration/routing/routes, verified 2026-11-23). Names published at an origin
 * are DNS-only: no route sees their requests.
 */
export const routeTaken: Rule = {
  name: "route-taken",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/workers/configuration/routing/routes/",
    "https://developers.cloudflare.com/workers/platform/known-issues/",
    "https://github.com/cloudflare/wrangler-action/issues/241",
  ],
  audit: (input) => {
    const hosts = Map.groupBy(input.hosts, ({ zone }) => zone);
    return input.zones.flatMap((zone) =>
      zone.routes
        .filter(({ script }) => script !== input.scriptName)
        .flatMap((route) => (hosts.get(zone.name) ?? []).flatMap((host) => auditRoute(zone, route, host))),
    );
  },
};

function auditRoute(
  zone: ObservedZone,
  route: ObservedRoute,
  { host, form }: AuditInput["hosts"][number],
): readonly RuleViolation[] {
  const pattern = parsePattern(route.pattern);
  if (form === "origin" || pattern === undefined || !matchesHost(pattern.host, host)) return [];
  const isWildcard = pattern.host.startsWith("*");
  if (isWildcard && form === "route") return [];
  const holder =
    route.script === undefined ? "switches Workers off" : `belongs to the Worker ${route.script}`;
  const base = { rule: routeTaken.name, zone: zone.name, subject: route.pattern } as const;
  const isWhole = !isWildcard && pattern.path === "/*" && pattern.scheme === undefined;
  if (isWhole) {
    return [
      {
        ...base,
        severity: "fail",
        message: `The route ${route.id} with the pattern ${route.pattern} ${holder}; ${host} needs it for the mail documents.`,
        remedy: `Delete the route ${route.id}.`,
      },
    ];
  }
  return [
    {
      ...base,
      severity: "warn",
      message: `The route ${route.id} with the pattern ${route.pattern} ${holder} and takes requests for ${host} before the mail documents do.`,
      remedy: `Delete the route ${route.id}, or see that it leaves the mail documents alone.`,
    },
  ];
}

function parsePattern(text: string): RoutePattern | undefined {
  const [, scheme, host, path = ""] = /^(?:([a-z*]+):\/\/)?([^/]+)(\/.*)?$/i.exec(text.trim()) ?? [];
  if (host === undefined) return undefined;
  return { scheme: scheme?.toLowerCase(), host: host.toLowerCase(), path };
}

/** `*.example.com` matches what ends in it, `*example.com` too; a `*` at the end of a pattern without path, what begins so. */
function matchesHost(pattern: string, host: string): boolean {
  const start = pattern.endsWith("*") && pattern.length > 1 ? pattern.slice(0, -1) : undefined;
  const bare = start ?? pattern;
  if (bare.startsWith("*")) return host.endsWith(bare.slice(1));
  return start === undefined ? host === bare : host.startsWith(start);
}
