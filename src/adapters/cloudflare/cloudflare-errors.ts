import { APIConnectionError, APIError, APIUserAbortError } from "cloudflare";
import { MailAutodiscoverError } from "../../errors.ts";

/** What a token needs, in the words of Cloudflare's token page. */
export const TOKEN_SCOPES =
  "Zone / Zone / Read, Zone / DNS / Edit, Zone / Workers Routes / Edit, Account / Workers Scripts / Edit, Account / Workers KV Storage / Edit";

/**
 * Codes of a record that exists already (81057 and 81058 are one error in two wordings) or is in the way: an address or
 * alias (81053, 81054), a delegation (81055, 81056), a Worker's custom domain (81062).
 */
export const IDENTICAL_RECORD_CODES: readonly number[] = [81057, 81058];
export const CONFLICTING_RECORD_CODES: readonly number[] = [
  81053,
  81054,
  81055,
  81056,
  81062,
  ...IDENTICAL_RECORD_CODES,
];

/** Returns the error codes of the API's envelope; empty where the error is none of the API's. */
export function cloudflareCodes(error: unknown): readonly number[] {
  return error instanceof APIError ? error.errors.flatMap((item) => item.code ?? []) : [];
}

/** Turns what the SDK threw into this module's error. `what` completes "could not …". */
export function cloudflareError(error: unknown, what: string): MailAutodiscoverError {
  if (error instanceof MailAutodiscoverError) return error;
  if (error instanceof APIUserAbortError) {
    return new MailAutodiscoverError("interrupted", `Interrupted: could not ${what}.`, {
      remedy: "Run again; it goes on from what was done.",
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof APIConnectionError || !(error instanceof APIError)) {
    const reason = error instanceof Error ? error.message : String(error);
    return new MailAutodiscoverError("cloudflare-unavailable", `could not ${what}: ${reason}`, {
      remedy: "Check the network and run again; nothing is lost.",
      retryable: true,
      cause: error,
    });
  }
  const status = Number(error.status ?? 0);
  const detail = `could not ${what}: HTTP ${status}${describe(error)}`;
  if (
    status === 401 ||
    status === 403 ||
    (status === 400 && cloudflareCodes(error).some((code) => code === 6003 || code === 6111))
  ) {
    return new MailAutodiscoverError(
      "cloudflare-token-refused",
      `Cloudflare refused the API token: ${detail}`,
      {
        remedy: `Set CLOUDFLARE_API_TOKEN to a token with the scopes ${TOKEN_SCOPES}; after a rotation run "up" before "refresh" or "destroy".`,
        cause: error,
      },
    );
  }
  if (status === 429) {
    const seconds = Number(header(error, "retry-after") ?? 300);
    return new MailAutodiscoverError(
      "cloudflare-rate-limited",
      `Cloudflare's rate limit is reached: ${detail}`,
      {
        remedy: `Run again in ${Math.ceil(seconds)} seconds; 1,200 requests in 5 minutes are allowed for all tokens of a user.`,
        retryable: true,
        retryAt: new Date(Date.now() + seconds * 1000),
        cause: error,
      },
    );
  }
  if (status >= 500) {
    return new MailAutodiscoverError("cloudflare-unavailable", `Cloudflare has a fault: ${detail}`, {
      remedy: "Run again in a few minutes; see www.cloudflarestatus.com.",
      retryable: true,
      cause: error,
    });
  }
  if (cloudflareCodes(error).some((code) => CONFLICTING_RECORD_CODES.includes(code))) {
    return new MailAutodiscoverError("record-exists", detail, {
      remedy:
        "Remove the record that is in the way, or import it into the stack (its id is in the zone's record list).",
      cause: error,
    });
  }
  return new MailAutodiscoverError("cloudflare-refused", detail, {
    remedy: "Correct what the message names.",
    cause: error,
  });
}

function describe(error: APIError): string {
  const text = error.errors.map((item) => `${item.message ?? ""} (${item.code ?? ""})`).join("; ");
  return text === "" ? "" : `, ${text}`;
}

function header(error: APIError, name: string): string | undefined {
  const headers: unknown = error.headers;
  return headers instanceof Headers ? (headers.get(name) ?? undefined) : undefined;
}
