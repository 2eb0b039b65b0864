import { spkiSha256 } from "../certificate-key.ts";
import { normaliseNames } from "../certificate-names.ts";
import { hasTimeLeft, type LastError, type RenewalFailurePolicy } from "./failed-renewal.ts";
import { renewalDue, type RenewalState } from "./renewal.ts";

/** What is asked for. */
export interface CertificateWish {
  readonly directoryUrl: string;
  readonly dnsNames: readonly string[];
  readonly profile?: string | undefined;
  readonly preferredChain?: string | undefined;
  readonly privateKeyPem: string;
  readonly renewalFailure?: RenewalFailurePolicy | undefined;
}

/** What there is, and how it was asked for. */
export interface PresentCertificate extends RenewalState {
  readonly directoryUrl: string;
  readonly dnsNames: readonly string[];
  readonly profile?: string | undefined;
  readonly preferredChain?: string | undefined;
  readonly spkiSha256: string;
  /** Absent where the first order came to finalize and no further. */
  readonly certificatePem?: string | undefined;
  readonly orderUrl?: string | undefined;
  readonly lastError?: LastError | undefined;
}

export type ReissueDecision =
  | { readonly kind: "keep" }
  /** `basis`: something else is asked for, or the time has come, which the CA's present window may put off. */
  | { readonly kind: "reissue"; readonly reason: string; readonly basis: "change" | "time" }
  /** A new one is wanted, but the CA named a time before which another attempt is in vain. */
  | { readonly kind: "wait"; readonly reason: string; readonly until: string };

/** Returns whether a new certificate is to be ordered, and why. The times alone are no request to the CA. */
export function decideReissue(
  present: PresentCertificate,
  wish: CertificateWish,
  now: Date,
): ReissueDecision {
  const changed = changeReason(present, wish);
  const renewal = changed === undefined ? renewalDue(present, now) : undefined;
  const reason = changed ?? (renewal?.due === true ? renewal.reason : undefined);
  if (reason === undefined) return { kind: "keep" };

  const { lastError } = present;
  const until = lastError?.retryAt;
  const isSameAttempt = renewal !== undefined || lastError?.reason === reason;
  const mayWait = wish.renewalFailure !== "error" && hasTimeLeft(present, now);
  if (until !== undefined && isSameAttempt && mayWait && now < new Date(until)) {
    return { kind: "wait", reason, until };
  }
  return { kind: "reissue", reason, basis: renewal === undefined ? "change" : "time" };
}

function changeReason(present: PresentCertificate, wish: CertificateWish): string | undefined {
  if (present.certificatePem === undefined) {
    return present.orderUrl === undefined
      ? "there is none yet"
      : `the order ${present.orderUrl} is to be brought to its end`;
  }
  if (present.directoryUrl !== wish.directoryUrl) return `another CA (${wish.directoryUrl})`;
  const names = normaliseNames(wish.dnsNames);
  if (normaliseNames(present.dnsNames).join() !== names.join()) return `other names (${names.join(", ")})`;
  if ((present.profile ?? "") !== (wish.profile ?? "")) {
    return `another profile (${wish.profile ?? "the CA's default"})`;
  }
  if ((present.preferredChain ?? "") !== (wish.preferredChain ?? "")) {
    return `another chain (${wish.preferredChain ?? "the CA's default"})`;
  }
  return present.spkiSha256 === spkiSha256(wish.privateKeyPem) ? undefined : "another key";
}
