import type { PreflightFinding } from "./preflight-finding.ts";

/** The CA's issuer domain name by which its rules are known. */
const LETS_ENCRYPT = "letsencrypt.org";

/** Its staging has 30,000 of one set a week (letsencrypt.org/docs/staging-environment, verified 2026-11-23). */
const STAGING_HOST = "acme-staging-v02.api.letsencrypt.org";

/** Names on one certificate by profile (letsencrypt.org/docs/profiles, of 2026-07-14, verified 2026-11-23). */
const MOST_NAMES: Readonly<Record<string, number>> = { classic: 100, tlsserver: 25, shortlived: 25 };
const DEFAULT_PROFILE = "classic";

const HOUR_MS = 60 * 60 * 1000;

/**
 * Certificates of exactly one set of names: 5 in 7 days, kept as a bucket that gets one back every 33.6 hours
 * (letsencrypt.org/docs/rate-limits, of 2026-08-05, verified 2026-11-23).
 */
const SAME_SET_BURST = 5;
const SAME_SET_INTERVAL_MS = (7 * 24 * HOUR_MS) / SAME_SET_BURST;

export interface LimitsQuestion {
  readonly names: readonly string[];
  readonly profile: string | undefined;
  readonly directoryUrl: string;
  /** The CA's issuer domain names, as its directory gives them. */
  readonly identities: readonly string[];
  /** ISO times of the certificates with exactly these names, in any order. */
  readonly issuedAt: readonly string[];
  /** True for a renewal inside its ARI window, which no limit holds up (RFC 9773 §5; Let's Encrypt's rate limits). */
  readonly isExempt: boolean;
  readonly now: Date;
}

/** Finds more names than the profile takes. Of a CA that is not Let's Encrypt only a profile with one of its names is known. */
export function checkNameCount(question: LimitsQuestion): readonly PreflightFinding[] {
  const { names, identities, profile } = question;
  if (profile === undefined && !identities.includes(LETS_ENCRYPT)) return [];
  const most = MOST_NAMES[profile ?? DEFAULT_PROFILE];
  if (most === undefined || names.length <= most) return [];
  return [
    {
      code: "too-many-names",
      severity: "fail",
      name: names[0] ?? "",
      message: `The certificate has ${names.length} names; the profile ${profile ?? DEFAULT_PROFILE} takes ${most}.`,
      remedy: "Take names off the certificate, cover some by a wildcard, or choose another profile.",
    },
  ];
}

/** Finds a certificate that Let's Encrypt would refuse for having issued the same set of names too often. */
export function checkSameSetQuota(question: LimitsQuestion): readonly PreflightFinding[] {
  const { names, identities, directoryUrl, issuedAt, isExempt, now } = question;
  const isLimited = identities.includes(LETS_ENCRYPT) && new URL(directoryUrl).hostname !== STAGING_HOST;
  if (!isLimited || isExempt) return [];
  const { left, nextAt } = sameSetQuota(issuedAt, now);
  const set = names.join(", ");
  if (left >= 2) return [];
  if (left === 1) {
    return [
      {
        code: "quota-low",
        severity: "warn",
        name: names[0] ?? "",
        message: `After this one no further certificate for exactly ${set} is possible until ${nextAt.toISOString()}.`,
        remedy: "Use the staging CA for trials (acmeDirectory: staging).",
      },
    ];
  }
  return [
    {
      code: "quota-used",
      severity: "fail",
      name: names[0] ?? "",
      message: `Let's Encrypt has issued as many certificates for exactly ${set} as it does in 7 days (${SAME_SET_BURST}); next possible at ${nextAt.toISOString()}.`,
      remedy: `Run the update again after ${nextAt.toISOString()}; the present certificate stays in use.`,
    },
  ];
}

/**
 * Returns how many certificates of a set are left at `now`, and when the next one comes free once these are used. It is a bucket, not a
 * window: five spread over a week leave room for more, five at once need 33.6 hours.
 */
export function sameSetQuota(
  issuedAt: readonly string[],
  now: Date,
): { readonly left: number; readonly nextAt: Date } {
  const times = issuedAt.map((each) => Date.parse(each)).filter((time) => time <= now.getTime());
  // The time at which the bucket would be full again.
  let fullAt = Number.NEGATIVE_INFINITY;
  for (const time of times.sort((a, b) => a - b)) fullAt = Math.max(fullAt, time) + SAME_SET_INTERVAL_MS;
  const used = Math.max(0, fullAt - now.getTime()) / SAME_SET_INTERVAL_MS;
  const left = Math.max(0, Math.floor(SAME_SET_BURST - used));
  // With some left: the time at which one more comes free after all of them are taken now.
  const fullAfter = Math.max(fullAt, now.getTime()) + left * SAME_SET_INTERVAL_MS;
  return { left, nextAt: new Date(fullAfter - (SAME_SET_BURST - 1) * SAME_SET_INTERVAL_MS) };
}
