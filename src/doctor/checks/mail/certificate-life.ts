import type { PresentedCertificate } from "../../../clients/world/world.ts";
import type { Verdict } from "../web/judge-answer.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A renewal is late where a sixth of the life is left: 15 days of 90, 7.5 of the 45 that Let's Encrypt gives from 2028 on. Renewals
 * begin at a third, so that several have failed by then.
 */
const LATE_PART = 1 / 6;

/** Of a certificate for a year a sixth would be two months: nobody renews that early. */
const LATE_DAYS_MOST = 14;

/** Where the beginning of the life is not known: a sixth of 45 days. */
const LATE_DAYS_UNKNOWN = 7.5;

/** Says how long a certificate still lives. */
export function judgeLife(certificate: PresentedCertificate, now: Date): Verdict {
  const { notAfter, notBefore } = certificate;
  const left = (notAfter.getTime() - now.getTime()) / DAY_MS;
  const until = `until ${notAfter.toISOString().slice(0, 10)}, ${Math.floor(left)} days left`;
  const remedy = "Renew the certificate, and look why that has not happened by itself.";
  if (left <= 0)
    return { status: "fail", observed: `expired on ${notAfter.toISOString().slice(0, 10)}`, remedy };
  const life = notBefore === undefined ? undefined : (notAfter.getTime() - notBefore.getTime()) / DAY_MS;
  const late = life === undefined ? LATE_DAYS_UNKNOWN : Math.min(LATE_DAYS_MOST, life * LATE_PART);
  return left < late ? { status: "warn", observed: until, remedy } : { status: "pass", observed: until };
}
