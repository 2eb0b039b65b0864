import { Client } from "acme-client";
import { acmeRateLimited, acmeRefused, parseAcmeProblem } from "../certificates/acme-problem.ts";
import type {
  AcmeAccountState,
  AcmeAuthorization,
  AcmeChallenge,
  AcmeDirectory,
  AcmeOrder,
  AcmeService,
  NewOrder,
  RenewalInfo,
} from "../certificates/ports.ts";
import { MailAutodiscoverError } from "../errors.ts";
import { notAcme, readAccount, readAuthorization, readDirectory, readOrder } from "./acme-objects.ts";
import { requestRenewalInfo } from "./acme-renewal-info.ts";
import { rateLimitEnd } from "./acme-retry-after.ts";
import { openAcmeSession, withAcmeTransport, type AcmeNetwork, type AcmeSession } from "./acme-transport.ts";

export interface AcmeServiceOptions {
  readonly directoryUrl: string;
  /** PEM, P-256 by preference (`createCertificateKey("P-256")`). */
  readonly accountKeyPem: string;
  /** For CAs that want one; sent when an account is created and never again (a secret of Google's lives seven days). */
  readonly externalAccountBinding?: { readonly kid: string; readonly hmacKey: string } | undefined;
  readonly network?: AcmeNetwork | undefined;
}

/** An ACME service that counts what it sends. */
export interface CountingAcmeService extends AcmeService {
  /** HTTP requests sent so far, retries included. */
  readonly requestCount: number;
}

/** acme-client heals a badNonce by itself, five times by default; Pebble's test of half of all nonces refused needs more. */
const BAD_NONCE_RETRIES = 15;

/** One signed request's answer, as acme-client's transport returns it. */
interface ApiAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The part of acme-client 5.4.0 that its types leave out; an empty list of statuses lets problem documents through. */
interface ClientInternals {
  readonly http: {
    maxBadNonceRetries: number;
    getDirectory(): Promise<unknown>;
    getJwk(): object;
    createSignedBody(url: string, payload: object): object;
    getResourceUrl(resource: string): Promise<string>;
  };
  readonly api: {
    accountUrl: string | null;
    apiRequest(url: string, payload: object | null, statuses: readonly number[]): Promise<ApiAnswer>;
    apiResourceRequest(
      resource: string,
      payload: object,
      statuses: readonly number[],
      options?: { includeJwsKid?: boolean; includeExternalAccountBinding?: boolean },
    ): Promise<ApiAnswer>;
  };
}

type InnerClient = Client & ClientInternals;

/**
 * Opens an ACME CA with one account key, over acme-client as the engine for JWS. `findAccount` or `createAccount` comes first: they tell
 * the account's address, which signs every later request.
 */
export function openAcmeService(options: AcmeServiceOptions): CountingAcmeService {
  return new AcmeClientService(options, openAcmeSession(options.network ?? {}));
}

class AcmeClientService implements CountingAcmeService {
  readonly directoryUrl: string;
  readonly #options: AcmeServiceOptions;
  readonly #session: AcmeSession;
  #client: InnerClient;

  constructor(options: AcmeServiceOptions, session: AcmeSession) {
    this.directoryUrl = options.directoryUrl;
    this.#options = options;
    this.#session = session;
    this.#client = openClient(options);
  }

  get requestCount(): number {
    return this.#session.requestCount;
  }

  async directory(signal: AbortSignal): Promise<AcmeDirectory> {
    return readDirectory(await this.#call(signal, () => this.#client.http.getDirectory()));
  }

  async findAccount(signal: AbortSignal): Promise<AcmeAccountState | undefined> {
    const answer = await this.#newAccount({ onlyReturnExisting: true }, false, signal);
    if (isProblem(answer) && parseAcmeProblem(answer.data, answer.status).type === "accountDoesNotExist")
      return undefined;
    return this.#keepAccount(accepted("look the account up", answer));
  }

  async createAccount(contact: readonly string[], signal: AbortSignal): Promise<AcmeAccountState> {
    const { externalAccountRequired } = await this.directory(signal);
    if (externalAccountRequired && this.#options.externalAccountBinding === undefined) {
      throw new MailAutodiscoverError(
        "acme-refused",
        `The CA ${this.directoryUrl} wants an external account binding.`,
        {
          remedy: "Set the key id and the HMAC key that the CA gave you.",
        },
      );
    }
    const wish = { termsOfServiceAgreed: true, contact: contact.map((address) => `mailto:${address}`) };
    return this.#keepAccount(accepted("register the account", await this.#newAccount(wish, true, signal)));
  }

  async changeAccountKey(newKeyPem: string, signal: AbortSignal): Promise<void> {
    const next = openClient({ ...this.#options, accountKeyPem: newKeyPem });
    await this.#call(signal, async () => {
      const { http, api } = this.#client;
      const url = await http.getResourceUrl("keyChange");
      const inner = next.http.createSignedBody(url, { account: api.accountUrl, oldKey: http.getJwk() });
      accepted("change the account's key", await api.apiResourceRequest("keyChange", inner, []));
      next.api.accountUrl = api.accountUrl;
    });
    this.#client = next;
  }

  withAccountKey(accountKeyPem: string): AcmeService {
    return new AcmeClientService({ ...this.#options, accountKeyPem }, this.#session);
  }

  async newOrder({ names, profile, replaces }: NewOrder, signal: AbortSignal): Promise<AcmeOrder> {
    const wish = {
      identifiers: names.map((value) => ({ type: "dns", value })),
      ...(profile === undefined ? {} : { profile }),
      ...(replaces === undefined ? {} : { replaces }),
    };
    const answer = await this.#call(signal, () => this.#client.api.apiResourceRequest("newOrder", wish, []));
    const { headers, data } = accepted(`order ${names.join(", ")}`, answer);
    return readOrder(headers["location"] ?? "", data, headers["retry-after"]);
  }

  async getOrder(url: string, signal: AbortSignal): Promise<AcmeOrder> {
    const { data, headers } = await this.#post("read the order", url, null, signal);
    return readOrder(url, data, headers["retry-after"]);
  }

  async getAuthorization(url: string, signal: AbortSignal): Promise<AcmeAuthorization> {
    const { data, headers } = await this.#post("read the authorization", url, null, signal);
    return readAuthorization(url, data, headers["retry-after"]);
  }

  /** acme-client gives the digest already, since the type is dns-01. */
  async challengeValue({ url, token }: AcmeChallenge): Promise<string> {
    return await this.#client.getChallengeKeyAuthorization({ type: "dns-01", url, token, status: "pending" });
  }

  async completeChallenge(url: string, signal: AbortSignal): Promise<void> {
    await this.#post("validate the challenge", url, {}, signal);
  }

  async deactivateAuthorization(url: string, signal: AbortSignal): Promise<void> {
    await this.#post("deactivate the authorization", url, { status: "deactivated" }, signal);
  }

  async finalizeOrder(order: AcmeOrder, csrPem: string, signal: AbortSignal): Promise<AcmeOrder> {
    const csr = csrPem.replace(/-----[^-]+-----|\s/gu, "");
    const payload = { csr: Buffer.from(csr, "base64").toString("base64url") };
    const { data, headers } = await this.#post("finalize the order", order.finalizeUrl, payload, signal);
    return readOrder(order.url, data, headers["retry-after"]);
  }

  async downloadCertificate(
    url: string,
    preferredChain: string | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    if (preferredChain === undefined) {
      const { data } = await this.#post("download the certificate", url, null, signal);
      return String(data);
    }
    // Asked for with a made-up finished order: acme-client then downloads, and picks among the alternate chains.
    const order = {
      url,
      certificate: url,
      status: "valid" as const,
      identifiers: [],
      authorizations: [],
      finalize: "",
    };
    return await this.#call(signal, () => this.#client.getCertificate(order, preferredChain));
  }

  async renewalInfo(certId: string, signal: AbortSignal): Promise<RenewalInfo | undefined> {
    const directory = await this.#call(signal, () => this.#client.http.getDirectory());
    return await requestRenewalInfo(this.#session, readDirectory(directory).renewalInfoUrl, certId, signal);
  }

  async #newAccount(wish: object, withBinding: boolean, signal: AbortSignal): Promise<ApiAnswer> {
    const options = { includeJwsKid: false, includeExternalAccountBinding: withBinding };
    return await this.#call(signal, () =>
      this.#client.api.apiResourceRequest("newAccount", wish, [], options),
    );
  }

  #keepAccount({ data, headers }: ApiAnswer): AcmeAccountState {
    const account = readAccount(headers["location"], data);
    this.#client.api.accountUrl = account.url;
    return account;
  }

  async #post(action: string, url: string, payload: object | null, signal: AbortSignal): Promise<ApiAnswer> {
    return accepted(action, await this.#call(signal, () => this.#client.api.apiRequest(url, payload, [])));
  }

  /** What acme-client itself throws are plain errors about answers that are none of an ACME server. */
  async #call<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await withAcmeTransport(this.#session, signal, work);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MailAutodiscoverError) throw error;
      throw notAcme(this.directoryUrl, error);
    }
  }
}

function openClient({
  directoryUrl,
  accountKeyPem,
  externalAccountBinding,
}: AcmeServiceOptions): InnerClient {
  const client = new Client({
    directoryUrl,
    accountKey: accountKeyPem,
    ...(externalAccountBinding === undefined ? {} : { externalAccountBinding }),
  }) as InnerClient;
  client.http.maxBadNonceRetries = BAD_NONCE_RETRIES;
  return client;
}

function accepted(action: string, answer: ApiAnswer): ApiAnswer {
  if (!isProblem(answer)) return answer;
  const problem = parseAcmeProblem(answer.data, answer.status);
  if (problem.type !== "rateLimited") throw acmeRefused(action, problem);
  throw acmeRateLimited(action, problem, rateLimitEnd(problem, answer.headers["retry-after"], new Date()));
}

function isProblem(answer: ApiAnswer): boolean {
  return answer.status >= 400;
}
