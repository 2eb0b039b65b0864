import type { CertificateLifetime } from "../renewal/renewal.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Less than this part of the lifetime left is worth a warning: a third, as for certificates that the module orders. */
const SOON_FRACTION = 1 / 3;

/** Or less than this, however short the life is: a bought certificate is replaced by people, who need a month for it. */
const SOON_MS: number = 30 * DAY_MS;

/** Less than this part left is urgent; a failed renewal of an ordered certificate is an error from here on, too. */
const URGENT_FRACTION = 1 / 6;

export interface ProvidedLifetime {
  /** Whole days until it expires, rounded down; negative once it has. */
  readonly daysLeft: number;
  readonly urgency: "none" | "soon" | "urgent" | "expired";
}

/** Returns how long a provided certificate lasts at `now`, and how pressing its replacement is. */
export function providedLifetime(certificate: CertificateLifetime, now: Date): ProvidedLifetime {
  const left = Date.parse(certificate.notAfter) - now.getTime();
  const daysLeft = Math.floor(left / DAY_MS);
  const lifetime = lifetimeMs(certificate);
  if (left <= 0) return { daysLeft, urgency: "expired" };
  if (left < lifetime * URGENT_FRACTION) return { daysLeft, urgency: "urgent" };
  return { daysLeft, urgency: left < lifetime * SOON_FRACTION || left < SOON_MS ? "soon" : "none" };
}

/** Returns the latest time at which its successor should be in place: where a sixth of the life is left. ISO 8601. */
export function providedRenewBefore(certificate: CertificateLifetime): string {
  const at = Date.parse(certificate.notAfter) - lifetimeMs(certificate) * URGENT_FRACTION;
  return new Date(at).toISOString();
}

function lifetimeMs({ notBefore, notAfter }: CertificateLifetime): number {
  return Date.parse(notAfter) - Date.parse(notBefore);
}
