import type { ClientSettings } from "../documents/client-settings.ts";

/**
 * One request and its answer as plain values. The Worker makes them of `Request` and `Response`, `serve` of Node's own
 * objects: neither pays for the other's classes.
 */
export interface ResponderRequest {
  /** Upper case. */
  readonly method: string;
  readonly isHttps: boolean;
  /** A-labels, lower case, without port and final dot. */
  readonly host: string;
  /** As a URL parser leaves it: dot segments resolved, percent-encodings kept. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
  /** The value of a header; the name is lower case. */
  readonly header: (name: string) => string | undefined;
  /**
   * The body, as text where its sender says that it is UTF-8 and that costs less; undefined where it has more octets than
   * `limit`, and then it is not read further.
   */
  readonly readBody: (limit: number) => Promise<Uint8Array | string | undefined>;
}

export interface ResponderAnswer {
  readonly status: number;
  /** Lower-case names. Frozen and shared between answers: copy before changing. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | undefined;
}

/** An answer with the settings it was made of; undefined where no domain of the store was meant. */
export interface Outcome {
  readonly answer: ResponderAnswer;
  readonly settings: Pick<ClientSettings, "domain"> | undefined;
}
