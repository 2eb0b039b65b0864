import { Resolver } from "node:dns/promises";
import pMap from "p-map";
import { canonicalName } from "../../dns/comparison/canonical-name.ts";
import type { AliasTargets } from "../../dns/comparison/leftovers.ts";
import type { ObservedZone } from "../../dns/observed-zone.ts";
import { parseOwnership } from "../../dns/ownership.ts";
import { closestZone, isWithin } from "../../spec/host-name.ts";

/** Most names that are asked for in one run: a preview must not wait for a zone full of aliases. */
const MOST_TARGETS = 100;
const AT_A_TIME = 20;
const TIMEOUT_MS = 2000;

/**
 * Asks which targets of other people's CNAME records at or below the domains exist. Only "no such name" (NXDOMAIN) is
 * dead; a time-out, or a name without addresses, is left out or alive: a wrong alarm would cost a working record.
 */
export async function observeAliasTargets(
  zones: readonly ObservedZone[],
  domains: readonly string[],
  options: { readonly resolver?: string | undefined } = {},
): Promise<AliasTargets> {
  const targets = new Set(
    zones
      .flatMap(({ records }) => records)
      .filter(({ type, comment }) => type === "CNAME" && parseOwnership(comment) === undefined)
      .filter(({ name }) => domains.some((domain) => isWithin(name, domain)))
      .map(({ content }) => canonicalName(content))
      .filter((target) => closestZone(target, zones) === undefined),
  );
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  if (options.resolver !== undefined) resolver.setServers([options.resolver]);
  const found = await pMap(
    [...targets].slice(0, MOST_TARGETS),
    async (target) => [target, await stateOf(resolver, target)] as const,
    { concurrency: AT_A_TIME },
  );
  return new Map(found.flatMap(([target, state]) => (state === undefined ? [] : [[target, state] as const])));
}

async function stateOf(resolver: Resolver, name: string): Promise<"alive" | "dead" | undefined> {
  try {
    await resolver.resolve4(name);
    return "alive";
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENODATA") return "alive";
    return code === "ENOTFOUND" ? "dead" : undefined;
  }
}
