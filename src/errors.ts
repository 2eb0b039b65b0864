/** What went wrong, as a word that programs can branch on. Messages may change; codes never do. */
export type ErrorCode =
  | "invalid-spec"
  | "invalid-config"
  | "usage"
  | "cloudflare-token-missing"
  | "cloudflare-token-refused"
  | "cloudflare-rate-limited"
  | "cloudflare-unavailable"
  | "cloudflare-refused"
  | "zone-not-found"
  | "record-exists"
  | "record-changed"
  | "record-not-found"
  | "record-in-state"
  | "plan-refused"
  | "acme-unreachable"
  | "acme-rate-limited"
  | "acme-refused"
  | "acme-challenge-failed"
  | "challenge-not-propagated"
  | "preflight-failed"
  | "certificate-mismatch"
  | "certificate-not-served"
  | "deployment-failed"
  | "dns-unreachable"
  | "network"
  | "port-taken"
  | "tool-missing"
  | "interrupted"
  | "state-unreadable"
  | "internal";

export interface MailAutodiscoverErrorOptions {
  /** One imperative sentence: what to do next. */
  readonly remedy: string;
  /** True where the same call may succeed later without a change by a person. Default false. */
  readonly retryable?: boolean;
  /** The earliest useful time of another try, where the other side said so. */
  readonly retryAt?: Date;
  readonly cause?: unknown;
}

/**
 * The one error class of this module. `message` says what happened, with the values; `remedy` what to do next.
 * Never put a secret into either: both reach logs and pull requests.
 */
export class MailAutodiscoverError extends Error {
  override readonly name: string = "MailAutodiscoverError";
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly retryAt: Date | undefined;

  constructor(code: ErrorCode, message: string, options: MailAutodiscoverErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.retryable = options.retryable ?? false;
    this.retryAt = options.retryAt;
  }
}

/**
 * Returns the error of this module that an error is, or was caused by; undefined where there is none. By name, not by
 * class: the program and its providers may have loaded the package twice.
 */
export function findMailAutodiscoverError(error: unknown): MailAutodiscoverError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each.name === "MailAutodiscoverError" && "code" in each && "remedy" in each)
      return each as MailAutodiscoverError;
  }
  return undefined;
}

/** Returns the message and the remedy as two lines for a person; any other error keeps its own message. */
export function formatError(error: unknown): string {
  const known = findMailAutodiscoverError(error);
  if (known !== undefined) return `${known.message}\n  ${known.remedy}`;
  return error instanceof Error ? error.message : String(error);
}
