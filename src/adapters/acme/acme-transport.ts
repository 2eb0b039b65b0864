import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { acmeRateLimited, parseAcmeProblem } from "../../certificates/acme-problem.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { sendHttps, type HttpsAnswer } from "./acme-https.ts";
import { parseRetryAfter, rateLimitEnd } from "./acme-retry-after.ts";

/** One request; the whole issuance has its own limit. */
export const REQUEST_TIMEOUT_MS: number = 30_000;

/** Waits before a request is sent again that the CA may not have seen, or that may be seen twice. Two more tries, no longer. */
const RETRY_DELAYS_MS: readonly number[] = [500, 2000];

/** How to reach a CA from a closed network. */
export interface AcmeNetwork {
  /** PEM certificates to trust instead of the system's: a private CA, the sandbox. */
  readonly ca?: string | undefined;
  /** `host:port:ip:port`, as curl's --connect-to: where to connect instead; TLS still checks the host. */
  readonly connectTo?: readonly string[] | undefined;
}

/** What one session with a CA shares among its calls. */
export interface AcmeSession extends AcmeNetwork {
  /** Requests sent so far. */
  requestCount: number;
  /** Milliseconds by which this machine's clock is ahead of the CA's, by the last answer that no cache can have kept. */
  clockSkewMs: number | undefined;
  /** Replay-Nonces of answers (RFC 8555 §6.5), so that not every POST costs a HEAD newNonce before it. */
  readonly nonces: string[];
  /** Answers that stay true for the session, by address: of the CA's directory, once it was asked. */
  readonly kept: Map<string, HttpsAnswer | undefined>;
}

interface Call {
  readonly session: AcmeSession;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** The part of axios' request that an adapter reads. */
interface RequestConfig {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly data?: unknown;
}

const calls = new AsyncLocalStorage<Call>();

/** Given a directory's address, the services that share the session ask for it once. */
export function openAcmeSession(network: AcmeNetwork, directoryUrl?: string): AcmeSession {
  const kept = new Map<string, HttpsAnswer | undefined>();
  if (directoryUrl !== undefined) kept.set(directoryUrl, undefined);
  return { ...network, requestCount: 0, clockSkewMs: undefined, nonces: [], kept };
}

/**
 * Runs acme-client calls with this module's transport under them. The library's own turns each network error into a TypeError after 75 s
 * (publishlab/node-acme-client#101), sleeps for the whole Retry-After of a rate limit, and takes neither signal nor time-out (#93).
 * Remove when a release of acme-client does all three.
 */
export async function withAcmeTransport<T>(
  session: AcmeSession,
  signal: AbortSignal,
  work: () => Promise<T>,
  timeoutMs: number = REQUEST_TIMEOUT_MS,
): Promise<T> {
  await install();
  return await calls.run({ session, signal, timeoutMs }, work);
}

let installed: Promise<void> | undefined;

/** Once a process: the library has one axios instance. Calls from elsewhere in the process keep the transport they had. */
async function install(): Promise<void> {
  installed ??= replaceAdapter();
  await installed;
}

/** Loaded here, since a question of renewal information needs nothing of it. */
async function replaceAdapter(): Promise<void> {
  const { axios } = await import("acme-client");
  const others = axios.create();
  axios.defaults.adapter = async (config) => {
    const call = calls.getStore();
    if (call === undefined) return await others.request({ ...config, adapter: "http" });
    const answer = await exchange(config, call);
    const { status, headers } = answer;
    return { data: readBody(answer), status, statusText: "", headers, config };
  };
}

/** Sends one unsigned GET with the same errors and limits; returns the body, parsed where it is JSON. */
export async function getAcmeResource(
  session: AcmeSession,
  url: string,
  signal: AbortSignal,
): Promise<HttpsAnswer & { readonly data: unknown }> {
  const answer = await exchange({ method: "get", url }, { session, signal, timeoutMs: REQUEST_TIMEOUT_MS });
  return { ...answer, data: readBody(answer) };
}

async function exchange(config: RequestConfig, call: Call): Promise<HttpsAnswer> {
  const method = (config.method ?? "get").toUpperCase();
  const url = config.url ?? "";
  const { session } = call;
  // acme-client sends HEAD to newNonce alone, before each signed request.
  const nonce = method === "HEAD" ? session.nonces.pop() : undefined;
  if (nonce !== undefined) return { status: 200, headers: { "replay-nonce": nonce }, body: "" };
  const kept = method === "GET" ? session.kept.get(url) : undefined;
  if (kept !== undefined) return kept;

  const body = config.data === undefined || config.data === null ? undefined : bodyText(config.data);
  const answer = await sendPatiently(method, url, body, call);
  if (method !== "GET") noteClock(session, answer);
  rejectWhatIsNoAnswer(method, url, answer);
  if (method === "GET" && session.kept.has(url) && answer.status === 200) session.kept.set(url, answer);
  const fresh = answer.headers["replay-nonce"];
  // A badNonce answer's nonce is used by acme-client itself, at once; two uses would make the next badNonce.
  if (method === "POST" && fresh !== undefined && !answer.body.includes("error:badNonce"))
    session.nonces.push(fresh);
  return answer;
}

async function sendPatiently(
  method: string,
  url: string,
  body: string | undefined,
  call: Call,
): Promise<HttpsAnswer> {
  const { session, signal } = call;
  const isRepeatable = method !== "POST" || isPostAsGet(body);
  for (let attempt = 0; ; attempt += 1) {
    const delay = RETRY_DELAYS_MS[attempt];
    session.requestCount += 1;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(call.timeoutMs)]);
      const answer = await sendHttps(
        { method, url, body, ca: session.ca, connectTo: session.connectTo },
        limit,
      );
      if (answer.status < 500 || answer.status === 503 || !isRepeatable || delay === undefined) return answer;
    } catch (error) {
      signal.throwIfAborted();
      const mayRepeat = isRepeatable || wasNeverSent(error);
      if (error instanceof MailAutodiscoverError || !mayRepeat || delay === undefined)
        throw unreachable(method, url, error);
    }
    await sleep(delay, undefined, { signal });
  }
}

function rejectWhatIsNoAnswer(method: string, url: string, answer: HttpsAnswer): void {
  const { status, headers } = answer;
  // A 503 with a time is the limit of an address at Let's Encrypt's edge; without one it is a fault.
  if (
    status === 429 ||
    (status === 503 && parseRetryAfter(headers["retry-after"], new Date()) !== undefined)
  ) {
    const problem = parseAcmeProblem(readBody(answer), status);
    throw acmeRateLimited(
      `${method} ${url}`,
      problem,
      rateLimitEnd(problem, headers["retry-after"], new Date()),
    );
  }
  const isProblem = headers["content-type"]?.includes("problem+json") === true;
  if (status >= 300 && status < 400)
    throw unreachable(method, url, `redirect to ${headers["location"] ?? "nowhere"}`);
  if (status >= 500 && !isProblem) throw unreachable(method, url, `HTTP status ${status}`);
}

function noteClock(session: AcmeSession, { headers }: HttpsAnswer): void {
  const skew = Date.now() - Date.parse(headers["date"] ?? "");
  if (!Number.isNaN(skew)) session.clockSkewMs = skew;
}

/** A signed read (RFC 8555 §6.3): its payload is empty. */
function isPostAsGet(body: string | undefined): boolean {
  return body?.includes('"payload":""') === true;
}

function wasNeverSent(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN";
}

function unreachable(method: string, url: string, reason: unknown): MailAutodiscoverError {
  if (reason instanceof MailAutodiscoverError) return reason;
  const why = typeof reason === "string" ? reason : errorCode(reason);
  return new MailAutodiscoverError("acme-unreachable", `The CA did not answer ${method} ${url}: ${why}.`, {
    remedy:
      "Check the ACME directory's address, the network and the CA's status page, then run the update again.",
    retryable: true,
    cause: typeof reason === "string" ? undefined : reason,
  });
}

/** AggregateError (both address families refused) has the code of its first error; a time-out has only its name. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string"
    ? code
    : error.name === "TimeoutError"
      ? "no answer in time"
      : error.message || error.name;
}

function readBody(answer: HttpsAnswer): unknown {
  if (answer.headers["content-type"]?.includes("json") !== true) return answer.body;
  try {
    return JSON.parse(answer.body) as unknown;
  } catch {
    return answer.body;
  }
}

function bodyText(data: unknown): string {
  return typeof data === "string" ? data : JSON.stringify(data);
}
