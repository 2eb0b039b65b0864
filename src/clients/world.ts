/** Record types that clients ask for. */
export type QueryType = "A" | "AAAA" | "CAA" | "CNAME" | "MX" | "SRV" | "TXT";

/** Absent and could-not-look are two outcomes: a time-out is never "missing". */
export type Resolution =
  | { readonly state: "found"; readonly data: readonly string[] }
  | { readonly state: "absent" }
  | { readonly state: "unknown"; readonly reason: string };

export interface WorldRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export type WorldResponse =
  | {
      readonly state: "answered";
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Why the certificate is not trusted; undefined where it is, or over plain HTTP. */
      readonly tlsError: string | undefined;
      readonly ms: number;
    }
  | { readonly state: "failed"; readonly reason: string; readonly ms: number };

/** What a mail client can ask: names and documents. No redirect is followed; the caller sees it. */
export interface World {
  /** SRV data is `priority weight port target`, MX `preference host`; names in lower case without a final dot. */
  resolve(name: string, type: QueryType): Promise<Resolution>;
  request(request: WorldRequest): Promise<WorldResponse>;
}
