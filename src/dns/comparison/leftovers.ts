import { closestZone } from "../../spec/host-name.ts";
import type { ObservedRecord, ObservedZone } from "../observed-zone.ts";
import { canonicalName } from "./canonical-name.ts";
import { FORMER_PROVIDERS } from "./former-providers.ts";

/** A record that a former provider, or a name that is gone, left behind. */
export interface Leftover {
  readonly record: ObservedRecord;
  /** Shown to people: the provider, or why the record leads nowhere. */
  readonly reason: string;
  /** True for a CNAME whose target does not exist: whoever registers the target answers for this name. */
  readonly isDeadAlias: boolean;
}

/** What is known of names outside the observed zones: whether they exist. A name that is not listed is unknown. */
export type AliasTargets = ReadonlyMap<string, "alive" | "dead">;

/** Returns the provider that a record belongs to; undefined for a record of none, or of the domain's own preset. */
export function formerProviderOf(record: ObservedRecord, preset: string): string | undefined {
  return FORMER_PROVIDERS.find(
    (provider) => provider.preset !== preset && provider.patterns.some((pattern) => pattern(record)),
  )?.title;
}

/**
 * Returns the leftovers among the records at or below a domain. Nothing is done about them but say so: some of
 * these names serve more than mail.
 */
export function findLeftovers(
  zone: ObservedZone,
  options: {
    readonly domain: string;
    readonly preset: string;
    readonly zones: readonly ObservedZone[];
    readonly targets?: AliasTargets | undefined;
    /** Every name that exists, by zone. */
    readonly exists: (name: string) => boolean;
  },
): readonly Leftover[] {
  const { domain, preset } = options;
  return zone.records
    .filter(({ name }) => name === domain || name.endsWith(`.${domain}`))
    .flatMap((record): Leftover[] => {
      const provider = formerProviderOf(record, preset);
      const isDeadAlias = isDead(record, options);
      if (provider === undefined && !isDeadAlias) return [];
      const reason = [provider, isDeadAlias ? `${canonicalName(record.content)} does not exist` : undefined]
        .filter((part) => part !== undefined)
        .join(", ");
      return [{ record, reason, isDeadAlias }];
    });
}

function isDead(
  record: ObservedRecord,
  { zones, targets, exists }: Parameters<typeof findLeftovers>[1],
): boolean {
  if (record.type !== "CNAME") return false;
  const target = canonicalName(record.content);
  return closestZone(target, zones) === undefined ? targets?.get(target) === "dead" : !exists(target);
}
