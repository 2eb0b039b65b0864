import type { ChallengeStore, DnsLookup } from "../ports.ts";

/** Aliases that are followed; resolvers differ, and more than two are a mistake in practice. */
const MOST_ALIASES = 8;

/** A label that nobody uses: an alias at a name that begins with it comes from a wildcard (RFC 4592 §2.1.3). */
const SIBLING = "_acme-challenge-none";
const CHALLENGE = "_acme-challenge";

/** A challenge store that says which zone holds a name. */
export interface ZonedChallengeStore extends ChallengeStore {
  /** The closest zone that can be written; undefined where none holds the name. */
  zoneOf?(name: string): string | undefined;
}

/** Where the TXT record of an identifier has to stand. */
export type ChallengeDelegation =
  | { readonly state: "resolved"; readonly challengeName: string; readonly recordName: string }
  /** A loop, or too many aliases: the names in their order. */
  | { readonly state: "broken"; readonly challengeName: string; readonly chain: readonly string[] };

/** The ports of {@link findChallengeName}. */
export interface DelegationPorts {
  readonly lookup?: DnsLookup | undefined;
  readonly challenges: ZonedChallengeStore;
}

/**
 * Follows the aliases at `_acme-challenge.<identifier>` to where the CA will read the TXT record (RFC 8555 §8.4 with RFC 1034
 * §3.6.2). An alias that comes from a wildcard in a zone of ours is not followed, at any step: the record that is published at the name
 * ends it.
 *
 * @param identifier without `*.`
 * @throws what the lookup throws where it could not look
 */
export async function findChallengeName(
  identifier: string,
  { lookup, challenges }: DelegationPorts,
  signal: AbortSignal,
): Promise<ChallengeDelegation> {
  const challengeName = `${CHALLENGE}.${identifier}`;
  const chain = [challengeName];
  let recordName = challengeName;
  while (chain.length <= MOST_ALIASES + 1) {
    const target = normalise(await lookup?.cname(recordName, signal));
    if (target === undefined || (await isWildcardOfOurs(recordName, target))) {
      return { state: "resolved", challengeName, recordName };
    }
    const isLoop = chain.includes(target);
    chain.push(target);
    if (isLoop) break;
    recordName = target;
  }
  return { state: "broken", challengeName, chain };

  async function isWildcardOfOurs(name: string, target: string): Promise<boolean> {
    if (challenges.zoneOf?.(name) === undefined) return false;
    const sibling = `${SIBLING}${name.slice(name.indexOf("."))}`;
    return normalise(await lookup?.cname(sibling, signal)) === target;
  }
}

function normalise(name: string | undefined): string | undefined {
  return name?.toLowerCase().replace(/\.$/u, "");
}
