/** What the order of a certificate needs from the outside. Adapters implement these; tests give their own. */

export interface Clock {
  now(): Date;
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** One TXT record that answers a challenge, as it stands in the zone. */
export interface PublishedChallenge {
  /** The owner name, `_acme-challenge.example.com`. */
  readonly name: string;
  /** The digest (RFC 8555 §8.4), without quotes. */
  readonly value: string;
  /** The store's own name of the record: what is removed is this record and nothing else at the name. */
  readonly recordId: string;
}

export interface ChallengeStore {
  /**
   * Publishes one TXT record a value beside whatever else stands at the name. A record that is there already is taken over, not doubled.
   * Where it fails or is aborted it takes back what it made.
   */
  publish(
    name: string,
    values: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly PublishedChallenge[]>;
  /** Removes these records; one that is gone already is no error. */
  remove(published: readonly PublishedChallenge[], signal: AbortSignal): Promise<void>;
  /** Removes what former runs of this module left at the names before `olderThan`; returns how many. */
  sweep(names: readonly string[], olderThan: Date, signal: AbortSignal): Promise<number>;
}

/** What one authoritative server says: all values are there, some are not yet, or it could not be asked. */
export interface ServerObservation {
  /** For a person: `ns1.example.net 192.0.2.53`. */
  readonly server: string;
  readonly state: "complete" | "incomplete" | "unreachable";
}

export interface PropagationCheck {
  /** Asks every authoritative server of the name's zone once for the TXT records at `name`. */
  observe(
    name: string,
    values: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ServerObservation[]>;
}

export interface AcmeDirectory {
  /** Names of the profiles that the CA offers; empty where it knows none. */
  readonly profiles: readonly string[];
  readonly termsOfService: string | undefined;
  readonly externalAccountRequired: boolean;
  /** Issuer domain names by which CAA records allow this CA (RFC 8555 §9.7.6); empty where it says none. */
  readonly caaIdentities: readonly string[];
}

export interface AcmeAccountState {
  readonly url: string;
  readonly status: string;
  /** `mailto:` addresses; undefined where the CA keeps none (Let's Encrypt since 2025-06). */
  readonly contact?: readonly string[] | undefined;
}

/** Why a certificate is revoked (RFC 5280 §5.3.1): unspecified, keyCompromise, superseded, cessationOfOperation. Let's Encrypt takes no other. */
export type RevocationReason = 0 | 1 | 4 | 5;

export interface AcmeOrder {
  readonly url: string;
  readonly status: "pending" | "ready" | "processing" | "valid" | "invalid";
  readonly authorizationUrls: readonly string[];
  readonly finalizeUrl: string;
  readonly certificateUrl: string | undefined;
  readonly profile: string | undefined;
  /** Why the CA gave the order up, for a person. */
  readonly failure: string | undefined;
  readonly retryAfterMs: number | undefined;
}

export interface AcmeChallenge {
  readonly url: string;
  readonly type: string;
  readonly status: string;
  readonly token: string;
  readonly failure: string | undefined;
}

export interface AcmeAuthorization {
  readonly url: string;
  /** Without `*.`: an apex and its wildcard are two authorizations with one identifier. */
  readonly identifier: string;
  readonly isWildcard: boolean;
  readonly status: "pending" | "valid" | "invalid" | "deactivated" | "expired" | "revoked";
  readonly challenges: readonly AcmeChallenge[];
  readonly retryAfterMs: number | undefined;
}

/** RFC 9773 §4.2. */
export interface RenewalWindow {
  readonly start: string;
  readonly end: string;
}

export interface RenewalInfo {
  readonly window: RenewalWindow;
  readonly explanationUrl: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Asks a CA when a certificate should be renewed (ARI, RFC 9773); needs no account. */
export interface RenewalInfoSource {
  /** Returns undefined where the CA has no renewal information at all. */
  renewalInfo(certId: string, signal: AbortSignal): Promise<RenewalInfo | undefined>;
}

export interface NewOrder {
  readonly names: readonly string[];
  readonly profile: string | undefined;
  readonly replaces: string | undefined;
}

/** One account key at one CA. Each call rejects with a `MailAutodiscoverError`, whose cause is an `AcmeProblem` where the CA sent one. */
export interface AcmeService extends RenewalInfoSource {
  readonly directoryUrl: string;
  /** Milliseconds by which this machine's clock is ahead of the CA's, of the last answer; undefined before the first. */
  readonly clockSkewMs?: number | undefined;
  /** The account that signs; undefined until it was told or looked up. One that was told may be a former one. */
  readonly accountUrl?: string | undefined;
  directory(signal: AbortSignal): Promise<AcmeDirectory>;
  /** Looks the account of this key up (`onlyReturnExisting`, RFC 8555 §7.3.1); undefined where the CA knows none. */
  findAccount(signal: AbortSignal): Promise<AcmeAccountState | undefined>;
  /** `contact` are mailbox addresses. An external account binding, where the service was given one, is sent here and nowhere else. */
  createAccount(contact: readonly string[], signal: AbortSignal): Promise<AcmeAccountState>;
  /** Rolls the account over to another key (RFC 8555 §7.3.5). This service goes on with the new one. */
  changeAccountKey(newKeyPem: string, signal: AbortSignal): Promise<void>;
  /** The same CA with another account key. */
  withAccountKey(keyPem: string): AcmeService;
  /** Writes other mailbox addresses into the account (RFC 8555 §7.3.2). */
  updateContacts(contact: readonly string[], signal: AbortSignal): Promise<void>;
  /** Ends the account for good (RFC 8555 §7.3.6); its certificates stay valid. */
  deactivateAccount(signal: AbortSignal): Promise<void>;
  newOrder(order: NewOrder, signal: AbortSignal): Promise<AcmeOrder>;
  getOrder(url: string, signal: AbortSignal): Promise<AcmeOrder>;
  getAuthorization(url: string, signal: AbortSignal): Promise<AcmeAuthorization>;
  /** The content of the TXT record that answers a dns-01 challenge. */
  challengeValue(challenge: AcmeChallenge): Promise<string>;
  completeChallenge(url: string, signal: AbortSignal): Promise<void>;
  deactivateAuthorization(url: string, signal: AbortSignal): Promise<void>;
  finalizeOrder(order: AcmeOrder, csrPem: string, signal: AbortSignal): Promise<AcmeOrder>;
  /** Returns the PEM chain, leaf first; the CA's default chain where none ends at `preferredChain` (an issuer's common name). */
  downloadCertificate(url: string, preferredChain: string | undefined, signal: AbortSignal): Promise<string>;
  /** Revokes a certificate of this account (RFC 8555 §7.6). */
  revokeCertificate(certificatePem: string, reason: RevocationReason, signal: AbortSignal): Promise<void>;
}

export interface CaaRecord {
  readonly flags: number;
  readonly tag: string;
  readonly value: string;
}

/** There are records at the name, there are none, or it could not be found out. */
export type CaaAnswer =
  | { readonly state: "found"; readonly records: readonly CaaRecord[] }
  | { readonly state: "absent" }
  | { readonly state: "unknown"; readonly reason: string };

/** How a zone's signatures stand (RFC 4035 §4.3); `unknown` where the resolver cannot tell. */
export type DnssecState = "secure" | "insecure" | "bogus" | "unknown";

/** Looks at the DNS as the CA will, before anything is ordered. */
export interface DnsLookup {
  /** The CAA records at exactly this name; climbing is the caller's (RFC 8659 §3). */
  caa(name: string, signal: AbortSignal): Promise<CaaAnswer>;
  /** The target of a CNAME at the name; undefined where there is none. */
  cname(name: string, signal: AbortSignal): Promise<string | undefined>;
  dnssec(name: string, signal: AbortSignal): Promise<DnssecState>;
}
