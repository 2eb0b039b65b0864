import type { ProbeRole } from "./client-probes.ts";
import type { ZoneRecord } from "./zone-record.ts";

/** A record that answers or answered. */
export type RecordAnswer = Pick<ZoneRecord, "type" | "content" | "proxied">;

/**
 * What whoever answers for a name gets into his hands:
 *
 * - `password`: Thunderbird and Outlook POST to `autodiscover.<domain>` and `<domain>`; where the host answers 401,
 *   Thunderbird asks the user for the password and sends it in the next request (`startFetchWithAuth` of
 *   ExchangeAutoDiscover.sys.mjs, `Authorization` of FetchHTTP.sys.mjs in comm-central, read 2026-11-23), and a client logs in
 *   to a server whose name it guessed.
 * - `settings`: the document or record says to which server the client sends the password.
 * - `delivery`: what senders and receivers of mail believe of the domain.
 */
export type Exposure = "password" | "settings" | "delivery";

/** A probed name that a wildcard answered before the change. */
export interface CaughtName {
  readonly name: string;
  readonly role: ProbeRole;
  /** The types asked that were answered, in the order of the probes. */
  readonly types: readonly string[];
  /** The wildcard. */
  readonly owner: string;
  /** Who answered: the wildcard's records, and those behind its CNAME where they lie in the zone. */
  readonly answers: readonly RecordAnswer[];
  readonly exposure: Exposure;
  /**
   * What is there after the change: `explicit` records; our `tombstone`; `blocked`, since a record at, above or below the
   * name ends the wildcard there; or `still-wildcard`.
   */
  readonly now: "explicit" | "tombstone" | "blocked" | "still-wildcard";
}

/** A name that, with all names below it, a wildcard answered before the change and does not any more. */
export interface WildcardLoss {
  readonly name: string;
  /** The record of ours, at or below the name, that makes it exist. */
  readonly because: string;
  /** The wildcard. */
  readonly owner: string;
  /** Answers that are gone. */
  readonly lost: readonly RecordAnswer[];
  /** True where the name is dark only while a challenge record stands, at each issuance and renewal. */
  readonly isTransient: boolean;
  /** `problem`: fails the preview unless accepted; `warning`: the name answers, with fewer types; `note`: lost in form only. */
  readonly weight: "problem" | "warning" | "note";
  /** True where the spec's `accept` names it. */
  readonly accepted: boolean;
}

/** Something to tell the operator; only the renderer has words for it. */
export type WildcardIssue =
  | {
      readonly code:
        | "discovery-name-caught"
        | "guess-name-caught"
        | "service-name-caught"
        /** A guessed name that the wildcard led to another host until now. */
        | "guess-name-taken";
      readonly caught: CaughtName;
    }
  | { readonly code: "name-lost" | "types-lost"; readonly loss: WildcardLoss };

export interface WildcardReport {
  /** Wildcards that could answer for names of the domain, sorted. */
  readonly wildcards: readonly string[];
  readonly caught: readonly CaughtName[];
  readonly losses: readonly WildcardLoss[];
  /** Each fails the preview. */
  readonly problems: readonly WildcardIssue[];
  readonly warnings: readonly WildcardIssue[];
}
