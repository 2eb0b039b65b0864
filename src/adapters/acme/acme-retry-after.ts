import type { AcmeProblem } from "../../certificates/acme-problem.ts";

/** Where a rate limit names no time: the second step of Let's Encrypt's own advice (1, 10, 100 minutes). */
const UNNAMED_RATE_LIMIT_MS = 10 * 60_000;

/** Reads a Retry-After header, seconds or an HTTP date (RFC 9110 §10.2.3); undefined where it is absent or neither. */
export function parseRetryAfter(header: string | undefined, now: Date): Date | undefined {
  const written = header?.trim() ?? "";
  if (/^\d{1,9}$/u.test(written)) return new Date(now.getTime() + Number(written) * 1000);
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The same as a wait in milliseconds, never negative. */
export function parseRetryAfterMs(header: string | undefined, now: Date): number | undefined {
  const time = parseRetryAfter(header, now)?.getTime();
  return time === undefined ? undefined : Math.max(0, time - now.getTime());
}

/** Returns when a rate limit ends: by the header, by the words of Let's Encrypt ("retry after 2026-11-24 10:00:00 UTC"), or soon. */
export function rateLimitEnd(problem: AcmeProblem, header: string | undefined, now: Date): Date {
  const named = parseRetryAfter(header, now);
  if (named !== undefined) return named;
  const [, day, time] = /retry after (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/u.exec(problem.detail) ?? [];
  if (day !== undefined && time !== undefined) return new Date(`${day}T${time}Z`);
  return new Date(now.getTime() + UNNAMED_RATE_LIMIT_MS);
}
