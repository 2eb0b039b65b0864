import type { PresentCertificate } from "../../certificates/renewal/decide-reissue.ts";
import type { LastError, RenewalFailurePolicy } from "../../certificates/renewal/failed-renewal.ts";
import type { IssuedCertificate } from "../../certificates/order/issue-certificate.ts";
import type { RenewalKnowledge } from "../../certificates/renewal/renewal-information.ts";
import type { StaleChallenge } from "../../adapters/cloudflare/cloudflare-challenge.ts";
import type { Properties } from "./dynamic-provider.ts";

export interface CertificateInputs {
  readonly directoryUrl: string;
  readonly accountKeyPem: string;
  /** What CAA records may be bound to; absent, empty or of a former account it does no harm. */
  readonly accountUrl?: string;
  readonly privateKeyPem: string;
  readonly dnsNames: readonly string[];
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  readonly profile?: string;
  readonly preferredChain?: string;
  /** Default false. */
  readonly revokeOnDelete?: boolean;
  /** Default `warn`. */
  readonly renewalFailure?: RenewalFailurePolicy;
  /** Hours between two runs of the pipeline. */
  readonly scheduleHours?: number;
  /** Challenge records of runs that died, to be removed now; never stored. */
  readonly staleChallenges?: readonly StaleChallenge[];
}

/** What the state holds. After a first order that came to finalize and no further, the certificate's own part is not there. */
export type CertificateOutputs = CertificateInputs &
  IssuedCertificate &
  Pick<PresentCertificate, "lastError"> & {
    /** The latest time by which a pipeline must have run, ISO 8601. */
    readonly renewBefore: string;
    /** ISO times of the last certificates with exactly these names, newest first. */
    readonly issuedAt?: readonly string[];
    readonly lastError?: LastError;
  };

/** Inputs that say how the certificate is kept, not what it is: a change of one is written down and nothing else. */
const KEPT_BESIDE = ["accountKeyPem", "zones", "revokeOnDelete", "renewalFailure", "scheduleHours"] as const;

/** Returns whether the inputs differ in what is only written down. */
export function hasOtherSettings(former: Properties, wish: Properties): boolean {
  return KEPT_BESIDE.some((key) => JSON.stringify(former[key]) !== JSON.stringify(wish[key]));
}

/**
 * Returns the state of a certificate that stays, with the settings of the wish. What it was asked for with stays too: where that
 * differs from the wish, the next `diff` has to find it.
 */
export function keepCertificate(former: CertificateOutputs, wish: Properties): Properties {
  const settings = Object.fromEntries(KEPT_BESIDE.map((key) => [key, wish[key]]));
  return { ...former, ...settings };
}

/** Returns the state with what is known of the renewal now; what is not known any more goes. */
export function withRenewal<T extends RenewalKnowledge>(state: T, knowledge: RenewalKnowledge): T {
  const { renewAt, ariWindow, ariRetryAt, explanationUrl } = knowledge;
  return { ...state, renewAt, ariWindow, ariRetryAt, explanationUrl };
}

/** Seven days: Let's Encrypt's limit for one set of names counts that far back (docs/rate-limits, verified 2026-11-23). */
const HISTORY_MS = 7 * 24 * 60 * 60 * 1000;
const HISTORY_LENGTH = 10;

/** Returns the times of issuance with one more, newest first. */
export function addIssuance(former: readonly string[], now: Date): readonly string[] {
  const oldest = now.getTime() - HISTORY_MS;
  return [now.toISOString(), ...former.filter((each) => Date.parse(each) > oldest)].slice(0, HISTORY_LENGTH);
}
