import { formerProviderOf } from "../../../dns/comparison/leftovers.ts";
import { FORMER_PROVIDERS } from "../../../dns/comparison/former-providers.ts";
import type { ObservedRecord } from "../../../dns/observed-zone.ts";
import type { CheckSubject } from "../check.ts";

/** Returns the mail provider by whose pattern a record is known; undefined for none. */
export function providerOf(type: string, name: string, content: string): string | undefined {
  return formerProviderOf(asObserved(type, name, content), "none");
}

/** A record as an answer shows it; what only a zone's API tells is left at its default. */
function asObserved(type: string, name: string, content: string): ObservedRecord {
  return { id: "", type, name, content, ttl: 1, proxied: false };
}

/**
 * Returns the titles of the providers that the domain is with today: the spec's preset, or those that its MX records name.
 * Undefined where it could not be found out.
 */
export async function currentProviders(subject: CheckSubject): Promise<ReadonlySet<string> | undefined> {
  const { domain, spec, world } = subject;
  if (spec !== undefined) {
    return new Set(
      FORMER_PROVIDERS.flatMap(({ preset, title }) => (preset === spec.preset.name ? [title] : [])),
    );
  }
  const mx = await world.resolve(domain, "MX");
  if (mx.state === "unknown") return undefined;
  const exchangers = mx.state === "found" ? mx.data.map((data) => data.split(" ")[1] ?? "") : [];
  return new Set(exchangers.flatMap((exchanger) => providerOf("MX", domain, exchanger) ?? []));
}
