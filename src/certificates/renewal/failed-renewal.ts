import { findMailAutodiscoverError, formatError, type ErrorCode } from "../../errors.ts";
import { LATEST_RENEWAL_FRACTION, partLeft, type CertificateLifetime } from "./renewal.ts";

/** Why the last attempt at a certificate failed; stored until one succeeds. No secret. */
export interface LastError {
  readonly code: ErrorCode;
  readonly message: string;
  /** When it was, ISO 8601. */
  readonly at: string;
  /** What the attempt was for, as `decideReissue` said. */
  readonly reason: string;
  /** Not to be tried again before; only where the CA said so. */
  readonly retryAt?: string | undefined;
  /** True: the order came to finalize, so its certificate may be there to be fetched. */
  readonly mayResume: boolean;
}

export type RenewalFailurePolicy = "warn" | "error";

/** Describes a failed attempt. */
export function describeFailure(
  error: unknown,
  attempt: { readonly reason: string; readonly mayResume: boolean; readonly now: Date },
): LastError {
  const known = findMailAutodiscoverError(error);
  return {
    code: known?.code ?? "internal",
    message: known?.message ?? formatError(error),
    at: attempt.now.toISOString(),
    reason: attempt.reason,
    ...(known?.retryAt === undefined ? {} : { retryAt: known.retryAt.toISOString() }),
    mayResume: attempt.mayResume,
  };
}

/** What only a change of the program or its configuration mends; a pipeline must not stay green over it. */
const NEVER_TOLERATED: readonly ErrorCode[] = ["invalid-spec", "invalid-config", "internal"];

/**
 * Returns whether a failure leaves the present certificate in use with a warning. Let's Encrypt says that a failed renewal is not fatal
 * (https://letsencrypt.org/docs/integration-guide/, verified 2026-11-23): the next run tries again, until a sixth of the life is left.
 */
export function isTolerable(
  failure: Pick<LastError, "code">,
  certificate: CertificateLifetime,
  policy: RenewalFailurePolicy | undefined,
  now: Date,
): boolean {
  return policy !== "error" && !NEVER_TOLERATED.includes(failure.code) && hasTimeLeft(certificate, now);
}

/** Returns whether there is time for another attempt by a later run. */
export function hasTimeLeft(certificate: CertificateLifetime, now: Date): boolean {
  return partLeft(certificate, now) > LATEST_RENEWAL_FRACTION;
}
