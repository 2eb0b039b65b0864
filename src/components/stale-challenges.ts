import { challengeTime, type StaleChallenge } from "../adapters/cloudflare/cloudflare-challenge.ts";
import type { ObservedZone } from "../dns/observed-zone.ts";
import { closestZone } from "../spec/host-name.ts";
import type { MailDomain } from "../spec/mail-domain.ts";

/** Milliseconds; no run lasts longer than a few minutes, so what is older belongs to one that was killed. */
const STALE_AFTER_MS = 60 * 60 * 1000;

/**
 * Returns the challenge records that killed runs left in the zones, by the domain that is to remove them: the one whose
 * name is closest, else the first that lives in the zone. The zones are read at each run, so it costs nothing to look.
 */
export function findStaleChallenges(
  zones: readonly ObservedZone[],
  domains: readonly MailDomain[],
  now: Date,
): ReadonlyMap<string, readonly StaleChallenge[]> {
  const stale = zones.flatMap((zone) =>
    zone.records.flatMap(({ id, type, name, comment }) => {
      const time = type === "TXT" ? challengeTime(comment) : undefined;
      const isStale = time !== undefined && now.getTime() - time.getTime() > STALE_AFTER_MS;
      return isStale ? [{ name, zone: zone.name, record: { zoneId: zone.id, recordId: id } }] : [];
    }),
  );
  const named = domains.map(({ domain }) => ({ name: domain }));
  const owner = ({ name, zone }: { readonly name: string; readonly zone: string }): string | undefined =>
    closestZone(name, named)?.name ??
    domains.find(({ domain }) => closestZone(domain, zones)?.name === zone)?.domain;
  const byDomain = Map.groupBy(stale, owner);
  return new Map(
    [...byDomain].flatMap(([domain, found]) =>
      domain === undefined ? [] : [[domain, found.map(({ record }) => record)] as const],
    ),
  );
}
