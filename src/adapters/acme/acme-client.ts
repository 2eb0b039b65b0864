import { acmeRateLimited, acmeRefused, parseAcmeProblem } from "../../certificates/acme-problem.ts";
import type {
  AcmeAccountState,
  AcmeAuthorization,
  AcmeChallenge,
  AcmeDirectory,
  AcmeOrder,
  AcmeService,
  NewOrder,
  RenewalInfo,
  RevocationReason,
} from "../../certificates/ports.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { openAcmeEngine, type AcmeEngine, type AcmeEngineOptions, type ApiAnswer } from "./acme-engine.ts";
import { notAcme, readAccount, readAuthorization, readDirectory, readOrder } from "./acme-objects.ts";
import { requestRenewalInfo } from "./acme-renewal-info.ts";
import { rateLimitEnd } from "./acme-retry-after.ts";
import { openAcmeSession, withAcmeTransport, type AcmeNetwork, type AcmeSession } from "./acme-transport.ts";

export interface AcmeServiceOptions extends AcmeEngineOptions {
  readonly network?: AcmeNetwork | undefined;
  /** Shared with other services at the same CA: its directory and nonces. Default: one of its own, over `network`. */
  readonly session?: AcmeSession | undefined;
}

/** An ACME service that counts what it sends. */
export interface CountingAcmeService extends AcmeService {
  /** HTTP requests sent so far, retries included. */
  readonly requestCount: number;
}

/**
 * Opens an ACME CA with one account key, over acme-client as the engine for JWS. Where the account's address is not given, `findAccount` or
 * `createAccount` comes first: they tell it, and it signs every later request.
 */
export function openAcmeService(options: AcmeServiceOptions): CountingAcmeService {
  return new AcmeClientService(options, options.session ?? openAcmeSession(options.network ?? {}));
}

class AcmeClientService implements CountingAcmeService {
  readonly directoryUrl: string;
  readonly #options: AcmeServiceOptions;
  readonly #session: AcmeSession;
  #client: AcmeEngine;

  constructor(options: AcmeServiceOptions, session: AcmeSession) {
    this.directoryUrl = options.directoryUrl;
    this.#options = options;
    this.#session = session;
    this.#client = openAcmeEngine(options);
  }

  get requestCount(): number {
    return this.#session.requestCount;
  }

  get accountUrl(): string | undefined {
    return this.#client.api.accountUrl ?? undefined;
  }

  get clockSkewMs(): number | undefined {
    return this.#session.clockSkewMs;
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
    const wish = { termsOfServiceAgreed: true, contact: contact.map(mailto) };
    return this.#keepAccount(accepted("register the account", await this.#newAccount(wish, true, signal)));
  }

  async changeAccountKey(newKeyPem: string, signal: AbortSignal): Promise<void> {
    const next = openAcmeEngine({ ...this.#options, accountKeyPem: newKeyPem });
    await this.#call(signal, async () => {
      const { http, api } = this.#client;
      const url = await http.getResourceUrl("keyChange");
      const inner = next.http.createSignedBody(url, { account: api.accountUrl, oldKey: http.getJwk() });
      accepted("change the account's key", await api.apiResourceRequest("keyChange", inner, []));
      next.api.accountUrl = api.accountUrl;
    });
    this.#client = next;
  }

  async updateContacts(contact: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#postAccount("change the account's contacts", { contact: contact.map(mailto) }, signal);
  }

  async deactivateAccount(signal: AbortSignal): Promise<void> {
    await this.#postAccount("deactivate the account", { status: "deactivated" }, signal);
  }

  withAccountKey(accountKeyPem: string): AcmeService {
    return new AcmeClientService({ ...this.#options, accountKeyPem, accountUrl: undefined }, this.#session);
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
    const payload = { csr: derOf(csrPem) };
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

  async revokeCertificate(
    certificatePem: string,
    reason: RevocationReason,
    signal: AbortSignal,
  ): Promise<void> {
    const payload = { certificate: derOf(certificatePem), reason };
    const { api } = this.#client;
    accepted(
      "revoke the certificate",
      await this.#call(signal, () => api.apiResourceRequest("revokeCert", payload, [])),
    );
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

  async #postAccount(action: string, payload: object, signal: AbortSignal): Promise<void> {
    await this.#post(action, this.#client.api.getAccountUrl(), payload, signal);
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

function mailto(address: string): string {
  return `mailto:${address}`;
}

/** The one PEM block's content in base64url, as ACME carries DER. */
function derOf(pem: string): string {
  const content = pem.replace(/-----[^-]+-----|\s/gu, "");
  return Buffer.from(content, "base64").toString("base64url");
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
