export type FindingStatus = "pass" | "warn" | "fail" | "unknown";

/** What a check saw. Data, not words: only `renderFindings` turns it into a table. */
export interface Finding {
  readonly code: FindingCode;
  readonly status: FindingStatus;
  /** What was looked at: a name and type, a URL, a port. */
  readonly subject: string;
  readonly expected?: string | undefined;
  readonly observed?: string | undefined;
  /** One imperative sentence, where something is not right. */
  readonly remedy?: string | undefined;
  /**
   * True: told by the way, of what could not be looked at from here and no client needs. It changes neither the verdict nor
   * the exit code, and nobody waits for it. Only beside `unknown`.
   */
  readonly isAside?: true | undefined;
}

/** Stable words: readers of JSON tell findings apart by them. One for each subject of `CHECKS`; `internal` is a check that threw. */
export type FindingCode =
  | "domain"
  | "dns-record"
  | "wildcard"
  | "discovery-host"
  | "stale-record"
  | "srv-record"
  | "proxied-mail-host"
  | "authoritative-servers"
  | "dnssec"
  | "caa"
  | "autoconfig-document"
  | "autodiscover-document"
  | "autodiscover-json"
  | "http-redirect"
  | "pacc-document"
  | "pacc-digest"
  | "mta-sts"
  | "profile"
  | "well-known"
  | "documents-agree"
  | "apex"
  | "password-request"
  | "hsts"
  | "client-time"
  | "web-certificate"
  | "mail-port"
  | "mail-login"
  | "mail-tls"
  | "mail-capability"
  | "tlsa"
  | "mx"
  | "exchanger-port"
  | "spf"
  | "dkim"
  | "dmarc"
  | "tls-rpt"
  | "internal";

/** Whatever has a status: a finding, a client. */
export type Judged = Pick<Finding, "status">;

/**
 * Exit code of a run: 1 where something failed, 3 where nothing is known, else 0.
 *
 * @param failOn `warn`: a warning fails the run, too. Default `fail`.
 */
export function exitCodeOf(findings: readonly Judged[], failOn: "warn" | "fail" = "fail"): 0 | 1 | 3 {
  if (findings.some(({ status }) => status === "fail" || status === failOn)) return 1;
  return findings.length > 0 && findings.every((finding) => finding.status === "unknown") ? 3 : 0;
}
