/** One request and its reply, apart from the HTTP version that carried them. */

export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface EdgeRequest {
  readonly scheme: "http" | "https";
  /** As the client wrote it, lower case, with the port where one was given. */
  readonly authority: string;
  /** Starts with `/`; query included, no fragment. */
  readonly pathAndQuery: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly clientAddress: string;
}

export interface EdgeReply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** Headers of one connection (RFC 9110 §7.6.1): never forwarded in either direction. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Returns `authority` without port and without the brackets of an IPv6 literal. */
export function hostOf(authority: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(authority);
  if (bracketed !== null) return bracketed[1] ?? "";
  return authority.replace(/:\d*$/, "").replace(/\.$/, "");
}
