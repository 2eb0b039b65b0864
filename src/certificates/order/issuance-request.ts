import type { ZonedChallengeStore } from "../challenges/challenge-delegation.ts";
import type { ReportProgress } from "./issuance-progress.ts";
import type { AcmeService, Clock, DnsLookup, PropagationCheck, RenewalWindow } from "../ports.ts";

export interface CertificateRequest {
  /** In any order and spelling; `normaliseNames` decides what is asked. */
  readonly names: readonly string[];
  /** PEM. Stored by the caller before this is called: after finalize a lost key is a lost certificate. */
  readonly privateKeyPem: string;
  readonly contact?: readonly string[] | undefined;
  /** One of the CA's profiles; absent means the CA's default. */
  readonly profile?: string | undefined;
  /** An issuer's common name in the chain to prefer; absent means the CA's default chain. */
  readonly preferredChain?: string | undefined;
  /** The certificate that this one renews. */
  readonly previous?: PreviousCertificate | undefined;
  /** ISO times of the last certificates with exactly these names, for what is left of the CA's limit. */
  readonly issuedAt?: readonly string[] | undefined;
  /** The order of a run that ended after finalize; its certificate is fetched instead of ordering again. */
  readonly resumeOrderUrl?: string | undefined;
  /** Milliseconds. Default 120,000. */
  readonly propagationTimeoutMs?: number | undefined;
  /** Milliseconds, from the moment at which the order's turn has come. Default 180,000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PreviousCertificate {
  readonly certId: string | undefined;
  readonly accountUrl: string;
  readonly names: readonly string[];
  /** Hexadecimal, lower case; a former order that gave this very certificate is not resumed. */
  readonly serial?: string | undefined;
  /** A renewal inside it is exempt from the limits that count certificates. */
  readonly ariWindow?: RenewalWindow | undefined;
}

export interface IssuancePorts {
  readonly acme: AcmeService;
  readonly challenges: ZonedChallengeStore;
  readonly propagation: PropagationCheck;
  readonly clock: Clock;
  /** For the look before the order and for delegated challenges; absent, nothing is looked up. */
  readonly lookup?: DnsLookup | undefined;
  readonly report?: ReportProgress | undefined;
  /** Where in its window the certificate is renewed; see `RenewalPorts`. */
  readonly random?: (() => number) | undefined;
}

/** The ports within one issuance. */
export type IssuanceContext = Omit<IssuancePorts, "report"> & {
  readonly report: ReportProgress;
  readonly signal: AbortSignal;
};
