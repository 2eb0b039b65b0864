import { findMailAutodiscoverError, MailAutodiscoverError } from "../errors.ts";
import { unlessGone } from "./account.ts";
import { acmeProblemOf } from "./acme-problem.ts";
import type { AcmeService, Clock } from "./ports.ts";

/** cessationOfOperation: the certificate is not used any more (RFC 5280 §5.3.1). */
const CESSATION_OF_OPERATION = 5;

export interface RevocableCertificate {
  readonly certificatePem: string;
  readonly serial: string;
  readonly notAfter: string;
  readonly names: readonly string[];
}

/** How a revocation ended; each is a success: nobody can use the certificate as valid, or nobody is left to revoke it. */
export type RevocationOutcome = "revoked" | "already-revoked" | "expired" | "account-gone";

/** Revokes a certificate whose use has ended. @throws MailAutodiscoverError with the CA's reason and what to do */
export async function revokeCertificate(
  certificate: RevocableCertificate,
  { acme, clock }: { readonly acme: AcmeService; readonly clock: Clock },
  signal: AbortSignal,
): Promise<RevocationOutcome> {
  if (new Date(certificate.notAfter) <= clock.now()) return "expired";
  try {
    const account = await unlessGone(() => acme.findAccount(signal));
    if (account?.status !== "valid") return "account-gone";
    await acme.revokeCertificate(certificate.certificatePem, CESSATION_OF_OPERATION, signal);
    return "revoked";
  } catch (error) {
    if (acmeProblemOf(error)?.type === "alreadyRevoked") return "already-revoked";
    throw notRevoked(certificate, error);
  }
}

function notRevoked({ serial, names }: RevocableCertificate, error: unknown): MailAutodiscoverError {
  const known = findMailAutodiscoverError(error);
  const why = known?.message ?? (error instanceof Error ? error.message : String(error));
  return new MailAutodiscoverError(
    known?.code ?? "acme-refused",
    `The certificate ${serial} (${names.join(", ")}) could not be revoked: ${why}`,
    {
      remedy:
        "Run this again, or set revokeOnDelete to false and deploy that first: the certificate is then only forgotten.",
      retryable: true,
      ...(known?.retryAt === undefined ? {} : { retryAt: known.retryAt }),
      cause: known?.cause,
    },
  );
}
