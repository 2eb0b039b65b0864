import { Client } from "acme-client";

export interface AcmeEngineOptions {
  readonly directoryUrl: string;
  /** PEM, P-256 by preference (`createCertificateKey("P-256")`). */
  readonly accountKeyPem: string;
  /** The account of the key, where it is known; absent, `findAccount` or `createAccount` comes first. */
  readonly accountUrl?: string | undefined;
  /** For CAs that want one; sent when an account is created and never again (a secret of Google's lives seven days). */
  readonly externalAccountBinding?: { readonly kid: string; readonly hmacKey: string } | undefined;
}

/** One signed request's answer, as acme-client's transport returns it. */
export interface ApiAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** acme-client with the part of 5.4.0 that its types leave out; an empty list of statuses lets problem documents through. */
export type AcmeEngine = Client & {
  readonly http: {
    maxBadNonceRetries: number;
    getDirectory(): Promise<unknown>;
    getJwk(): object;
    createSignedBody(url: string, payload: object): object;
    getResourceUrl(resource: string): Promise<string>;
  };
  readonly api: {
    accountUrl: string | null;
    getAccountUrl(): string;
    apiRequest(url: string, payload: object | null, statuses: readonly number[]): Promise<ApiAnswer>;
    apiResourceRequest(
      resource: string,
      payload: object,
      statuses: readonly number[],
      options?: { includeJwsKid?: boolean; includeExternalAccountBinding?: boolean },
    ): Promise<ApiAnswer>;
  };
};

/** acme-client heals a badNonce by itself, five times by default; Pebble's test of half of all nonces refused needs more. */
const BAD_NONCE_RETRIES = 15;

/** Returns acme-client for one account key, as the engine for JWS alone. */
export function openAcmeEngine(options: AcmeEngineOptions): AcmeEngine {
  const { directoryUrl, accountKeyPem, accountUrl, externalAccountBinding } = options;
  const client = new Client({
    directoryUrl,
    accountKey: accountKeyPem,
    ...(accountUrl === undefined ? {} : { accountUrl }),
    ...(externalAccountBinding === undefined ? {} : { externalAccountBinding }),
  }) as AcmeEngine;
  client.http.maxBadNonceRetries = BAD_NONCE_RETRIES;
  return client;
}
