/** One HTTP request as a mail client's discovery makes it: no redirect followed, and the TLS verdict beside the answer. */
import {
  Agent as HttpAgent,
  request as startHttp,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as startHttps } from "node:https";
import { TLSSocket } from "node:tls";
import type { HostPort } from "../connect-to.ts";
import { failureDetail } from "../failure-detail.ts";
import {
  readPeer,
  readVerdict,
  trustOptions,
  type PeerCertificate,
  type TrustVerdict,
} from "../tls/peer-certificate.ts";
import { isTooOld, oldProtocolAt } from "../tls/old-tls.ts";
import { BodyTooLargeError, readBody } from "./read-body.ts";

export interface HttpsProbeOptions {
  /** `https:` or `http:`. Its host is sent as SNI and as Host, and the certificate must cover it. */
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** True: the target is the whole URL (RFC 9112 §3.2.2). Default false. */
  readonly isAbsolute?: boolean;
  /** Where to connect instead of the URL's host and port. */
  readonly resolveTo?: HostPort;
  /** PEM roots that replace the built-in ones. */
  readonly ca?: string;
  /** For everything together, the body included. */
  readonly timeoutMs: number;
  /** Of the body. */
  readonly maxBytes: number;
  /** Connections to use again. Default: a fresh one, as a kept one hides what the server presents now. */
  readonly connections?: KeptConnections;
}

/** Open connections of one look at the network, where what a server presents does not change. */
export interface KeptConnections {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/**
 * An unused connection is closed after this; a check that asks a host again comes sooner. Milliseconds. Of 500 domains those kept for
 * 2 s were 40 MiB (`npm run bench:verify`).
 */
const IDLE_MS = 500;

/** Opens a set of connections for one set of roots. It needs no closing: what is idle keeps no process. */
export function openKeptConnections(): KeptConnections {
  const kept = { keepAlive: true, timeout: IDLE_MS };
  return {
    http: new HttpAgent(kept),
    // A resumed session is not held against the host's name (Node's `onConnectSecure`), so none is.
    https: new HttpsAgent({ ...kept, maxCachedSessions: 0 }),
  };
}

export interface HttpsAnswer {
  readonly outcome: "answered";
  readonly status: number;
  /** Lower-case names; repeated fields joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Absent for `http:`. */
  readonly tls?: TlsObservation;
  readonly ms: number;
}

export interface TlsObservation extends TrustVerdict {
  readonly protocol: string;
  readonly certificate?: PeerCertificate;
}

/**
 * `unresolved`: the name has no address. `refused`: nothing listens. `unreachable`: no route, or the connection broke.
 * `tls-failed`: no handshake (an untrusted certificate is no failure: see `tls.authorized`). `too-large`: more than `maxBytes`.
 * `protocol-error`: what came was not HTTP. `invalid-url`: nothing was sent.
 */
export interface HttpsFailure {
  readonly outcome:
    | "unresolved"
    | "refused"
    | "unreachable"
    | "timeout"
    | "tls-failed"
    | "too-large"
    | "protocol-error"
    | "invalid-url";
  readonly detail: string;
  /** `TLSv1` or `TLSv1.1`, where the handshake failed because the server speaks nothing newer. */
  readonly tlsProtocol?: string;
  readonly ms: number;
  /**
   * What stayed silent: `host` where not even a connection, with TLS for `https:`, came about in time; `path` where no answer
   * to this request began.
   */
  readonly silence?: "host" | "path";
}

export type HttpsObservation = HttpsAnswer | HttpsFailure;

/**
 * Sends one request. Never rejects: what went wrong is an outcome.
 * The request is sent over an untrusted connection too, so that the answer can be shown: put no secret into it.
 */
export async function requestHttps(options: HttpsProbeOptions): Promise<HttpsObservation> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const url = URL.parse(options.url);
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.username !== "") {
    return { outcome: "invalid-url", detail: options.url, ms: elapsed() };
  }
  const limit = new AbortController();
  // Not AbortSignal.timeout(), which would go on after the answer.
  const timer = setTimeout(() => limit.abort(), options.timeoutMs);
  try {
    const first = await attempt(url, options, limit.signal, elapsed);
    const { connections: _, ...fresh } = options;
    // The server closed a kept connection at the moment when it was used again (RFC 9112 §9.3.1).
    const last = first.isStale ? await attempt(url, fresh, limit.signal, elapsed) : first;
    if (!last.isTooOld || last.observation.outcome === "answered") return last.observation;
    const tlsProtocol = await oldProtocolAt(placeOf(url, options), hostOf(url), limit.signal);
    return { ...last.observation, ...(tlsProtocol === undefined ? {} : { tlsProtocol }), ms: elapsed() };
  } finally {
    clearTimeout(timer);
  }
}

interface Attempt {
  readonly observation: HttpsObservation;
  readonly isStale: boolean;
  readonly isTooOld: boolean;
}

async function attempt(
  url: URL,
  options: HttpsProbeOptions,
  signal: AbortSignal,
  elapsed: () => number,
): Promise<Attempt> {
  let outgoing: ClientRequest | undefined;
  let handshake: Handshake | undefined;
  let hasAnswer = false;
  try {
    outgoing = openRequest(url, options, signal);
    handshake = watchHandshake(outgoing);
    const response = await send(outgoing, options.body);
    hasAnswer = true;
    const body = await readBody(response, options.maxBytes);
    const tls = handshake.observation();
    const observation: HttpsAnswer = {
      outcome: "answered",
      status: response.statusCode ?? 0,
      headers: flattenHeaders(response),
      body,
      ...(tls === undefined ? {} : { tls }),
      ms: elapsed(),
    };
    return { observation, isStale: false, isTooOld: false };
  } catch (error) {
    const outcome = outcomeOf(error, signal, handshake?.isPending() ?? false);
    const isSilence = outcome === "timeout" && signal.aborted;
    const detail = isSilence ? `no answer within ${options.timeoutMs / 1000} s` : failureDetail(error);
    const isStale = outgoing?.reusedSocket === true && !hasAnswer && outcome === "unreachable";
    // Not after an answer: that would close a connection that is kept.
    outgoing?.destroy();
    const silence = handshake?.isOpen() === true ? "path" : "host";
    const beside = isSilence && !hasAnswer ? ({ silence } as const) : {};
    return {
      observation: { outcome, detail, ms: elapsed(), ...beside },
      isStale,
      isTooOld: isTooOld(error),
    };
  }
}

/** Passed on to net.connect, though the types of http do not know it. Node's 250 ms an address fails over slow links. */
const CONNECT_OPTIONS = { autoSelectFamilyAttemptTimeout: 2000 };

/** Nobody asked for another protocol. */
class UpgradeError extends Error {
  override readonly name: string = "UpgradeError";
}

function openRequest(url: URL, options: HttpsProbeOptions, signal: AbortSignal): ClientRequest {
  const hostname = hostOf(url);
  const isSecure = url.protocol === "https:";
  const start = isSecure ? startHttps : startHttp;
  const { checkServerIdentity, ...trust } = trustOptions(hostname, options.ca);
  // Without SNI the name to hold against the certificate is known to this request alone.
  const isKept = options.connections !== undefined && trust.servername !== undefined;
  return start({
    ...placeOf(url, options),
    path: `${options.isAbsolute === true ? url.origin : ""}${url.pathname}${url.search}`,
    method: options.method,
    headers: { host: url.host, ...options.headers },
    agent: (isKept && options.connections?.[isSecure ? "https" : "http"]) || false,
    ...CONNECT_OPTIONS,
    signal,
    ...(isSecure ? trust : {}),
    // Node's own check holds the SNI against the certificate; a function of a request's own would keep its connection from others.
    ...(isSecure && !isKept && checkServerIdentity !== undefined ? { checkServerIdentity } : {}),
  });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function placeOf(url: URL, { resolveTo }: HttpsProbeOptions): HostPort {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return resolveTo ?? { host: hostOf(url), port };
}

interface Handshake {
  /** Connected, and TLS not yet agreed. */
  isPending(): boolean;
  /** Ready for a request. */
  isOpen(): boolean;
  observation(): TlsObservation | undefined;
}

/** What the handshake of a kept connection showed. */
const observations = new WeakMap<TLSSocket, TlsObservation>();

/** Keeps what the handshake showed: after the end of the connection the socket no longer tells. */
function watchHandshake(outgoing: ClientRequest): Handshake {
  let isPending = false;
  let isOpen = false;
  let observation: TlsObservation | undefined;
  outgoing.once("socket", (socket) => {
    const isPlain = !(socket instanceof TLSSocket);
    observation = isPlain ? undefined : observations.get(socket);
    // One that is used again.
    isOpen = observation !== undefined || (isPlain && !socket.connecting);
    if (isOpen) return;
    socket.once("connect", () => {
      isPending = !isPlain;
      isOpen = isPlain;
    });
    if (isPlain) return;
    socket.once("secureConnect", () => {
      isPending = false;
      isOpen = true;
      const certificate = readPeer(socket)?.certificate;
      observation = {
        ...readVerdict(socket),
        protocol: socket.getProtocol() ?? "unknown",
        ...(certificate === undefined ? {} : { certificate }),
      };
      observations.set(socket, observation);
    });
  });
  return { isPending: () => isPending, isOpen: () => isOpen, observation: () => observation };
}

async function send(
  outgoing: ClientRequest,
  body: string | Uint8Array | undefined,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  outgoing
    .once("response", resolve)
    .once("upgrade", (response, socket) => {
      socket.destroy();
      reject(new UpgradeError(`HTTP ${response.statusCode ?? ""} to another protocol`));
    })
    .on("error", reject)
    // Whatever else ends it without a word would be waited for in vain.
    .once("close", () => reject(new Error("closed without an answer")));
  // With the body in one piece Node sends Content-Length, which some POX servers insist on.
  outgoing.end(body);
  return promise;
}

function flattenHeaders(response: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(response.headersDistinct).map(([name, values]) => [name, (values ?? []).join(", ")]),
  );
}

function outcomeOf(error: unknown, signal: AbortSignal, isInHandshake: boolean): HttpsFailure["outcome"] {
  if (error instanceof BodyTooLargeError) return "too-large";
  if (error instanceof UpgradeError) return "protocol-error";
  if (signal.aborted) return "timeout";
  if (isInHandshake) return "tls-failed";
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (["ENOTFOUND", "EAI_AGAIN", "ENODATA"].includes(code)) return "unresolved";
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ETIMEDOUT") return "timeout";
  const isHttpFault = ["HPE_", "ERR_INVALID", "ERR_UNESCAPED"].some((prefix) => code.startsWith(prefix));
  return isHttpFault ? "protocol-error" : "unreachable";
}
