import type { ContentfulStatusCode } from "hono/utils/http-status";

export interface ApiErrorEntry {
  readonly code: number;
  readonly message: string;
  readonly error_chain?: readonly ApiErrorEntry[];
}

/**
 * An answer of the emulated service, thrown by whatever finds the fault and rendered in one place. It is not an error of this
 * program: those are `MailAutodiscoverError`.
 */
export class ApiRefusal extends Error {
  override readonly name: string = "ApiRefusal";
  readonly status: ContentfulStatusCode;
  readonly entry: ApiErrorEntry;

  constructor(status: ContentfulStatusCode, code: number, message: string, chain?: readonly ApiErrorEntry[]) {
    super(message);
    this.status = status;
    this.entry = { code, message, ...(chain === undefined ? {} : { error_chain: chain }) };
  }
}

/** The frame around every fault of a record: 1004, with the fault itself in the chain. */
export function recordFault(code: number, message: string): ApiRefusal {
  return new ApiRefusal(400, 1004, "DNS Validation Error", [{ code, message }]);
}

/** Seen in public for bodies that are no JSON or of another shape (cloudflare-php#111, cloudflare-ddns#61). */
export function bodyFault(message: string): ApiRefusal {
  return new ApiRefusal(400, 9207, message);
}

export function cannotRoute(path: string): ApiRefusal {
  return new ApiRefusal(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`, [
    { code: 7000, message: "No route for that URI" },
  ]);
}
