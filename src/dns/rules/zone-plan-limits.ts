/** What a zone's plan allows. */
export interface ZonePlanLimits {
  /** Characters of a record's comment. */
  readonly commentCharacters: number;
  /** Records of the zone, where Cloudflare does not say it of the zone itself. */
  readonly records: number;
}

/**
 * Returns the limits of a plan (`free`, or any other word: a paid one). Records of a free zone made before 2024-09-01
 * are 1,000, which only the zone's own quota tells (developers.cloudflare.com/dns/manage-dns-records and
 * .../dns/manage-dns-records/reference/record-attributes, verified 2026-11-23).
 */
export function zonePlanLimits(plan: string): ZonePlanLimits {
  return plan === "free"
    ? { commentCharacters: 100, records: 200 }
    : { commentCharacters: 500, records: 3_500 };
}
