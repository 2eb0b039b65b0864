import type {
  MailPortQuestion,
  MailPortView,
  QueryType,
  RequestFailure,
  Resolution,
  World,
  WorldRequest,
  WorldResponse,
} from "../clients/world/world.ts";
import { withoutPassword } from "../clients/world/without-password.ts";
import type { HostPort } from "./connect-to.ts";
import {
  openKeptConnections,
  requestHttps,
  type HttpsAnswer,
  type HttpsObservation,
  type KeptConnections,
} from "./web/https-probe.ts";
import { probeMailPort, type MailPortObservation } from "./mail-ports/mail-ports.ts";
import { isPublicAddress } from "./public-address.ts";
import { openWorldResolver, type ResolveName, type WorldResolverOptions } from "./resolver/world-resolver.ts";

export interface LiveWorldOptions extends WorldResolverOptions {
  /** PEM roots trusted instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** Returns where a connection to `host:port` goes instead; undefined keeps it. */
  readonly connectTo?: ((host: string, port: number) => HostPort | undefined) | undefined;
  /**
   * True: addresses of private networks and of this host are connected to as well. Default false: a name of somebody else's
   * must not make the one who looks at it talk to the inside of a network.
   */
  readonly allowPrivate?: boolean | undefined;
  /** Milliseconds for one request with its body, and for one mail port. Default 5,000: Thunderbird's own limit. */
  readonly timeoutMs?: number | undefined;
}

/** Thunderbird gives a request 5 s (`FetchHTTP.sys.mjs`). */
const TIMEOUT_MS = 5000;

/** A document is under 10 kB; what is longer is none. */
const MAX_BODY_BYTES = 256 * 1024;

/** Addresses of a host that are tried, one after another: a second one may answer where the first is down. */
const MOST_ADDRESSES = 3;

/** Opens a world that asks the network. Only an address that was looked at is connected to, so no second look-up can differ. */
export function openLiveWorld(options: LiveWorldOptions = {}): World {
  const ask = openWorldResolver(options);
  const known = new Map<string, Promise<Resolution>>();
  const resolve: ResolveName = (name: string, type: QueryType) => {
    const key = `${name.toLowerCase()} ${type}`;
    const answer = known.get(key) ?? ask(name.toLowerCase(), type);
    known.set(key, answer);
    return answer;
  };
  const network: Network = { resolve, connections: openKeptConnections(), silence: new Silence() };
  return withoutPassword({
    resolve,
    request: (request) => send(request, options, network),
    probe: (question) => connect(question, options, resolve),
  });
}

/** What one look at the network remembers. */
interface Network {
  readonly resolve: ResolveName;
  readonly connections: KeptConnections;
  readonly silence: Silence;
}

type Failure = Extract<WorldResponse, { state: "failed" }>;

/** Requests to one host that are left unanswered before no more are sent: one may have met a slow page. */
const MOST_SILENT_PATHS = 2;

/** Hosts, with their ports, that stay silent: each further request would wait as long. */
class Silence {
  readonly #mute = new Map<string, Failure>();
  readonly #silentPaths = new Map<string, number>();

  of(place: string): Failure | undefined {
    return this.#mute.get(place);
  }

  note(place: string, what: "host" | "path", failure: Failure): void {
    const paths = (this.#silentPaths.get(place) ?? 0) + 1;
    this.#silentPaths.set(place, paths);
    if (what === "host" || paths >= MOST_SILENT_PATHS) this.#mute.set(place, failure);
  }
}

async function send(
  request: WorldRequest,
  options: LiveWorldOptions,
  { resolve, connections, silence }: Network,
): Promise<WorldResponse> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const url = URL.parse(request.url);
  if (url === null) return { state: "failed", kind: "invalid-url", reason: request.url, ms: 0 };
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  const place = `${url.hostname}:${port}`;
  const known = silence.of(place);
  if (known !== undefined) return known;
  const targets = await whereTo(url.hostname, port, options, resolve);
  if ("kind" in targets) return { state: "failed", ...targets, ms: elapsed() };
  const { method, headers, body, isAbsolute } = request;
  let seen: HttpsObservation | undefined;
  for (const resolveTo of targets) {
    seen = await requestHttps({
      url: request.url,
      method,
      timeoutMs: limitOf(request.timeoutMs, options),
      maxBytes: MAX_BODY_BYTES,
      resolveTo,
      connections,
      ...(headers === undefined ? {} : { headers }),
      ...(isAbsolute === undefined ? {} : { isAbsolute }),
      ...(body === undefined ? {} : { body }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
    if (!isElsewhere(seen.outcome)) break;
  }
  if (seen?.outcome === "answered") return readAnswer(seen, elapsed());
  const { outcome: kind = "unreachable", detail: reason = "no address", tlsProtocol } = seen ?? {};
  const failure = { state: "failed", kind, reason, tlsProtocol, ms: elapsed() } as const;
  if (seen?.silence !== undefined) silence.note(place, seen.silence, failure);
  return failure;
}

function readAnswer(seen: HttpsAnswer, ms: number): WorldResponse {
  const isTrusted = seen.tls === undefined || seen.tls.authorized;
  return {
    state: "answered",
    status: seen.status,
    headers: seen.headers,
    body: new TextDecoder().decode(seen.body),
    bytes: seen.body,
    tlsError: isTrusted ? undefined : (seen.tls?.authorizationError ?? "no reason given"),
    certificate: seen.tls?.certificate,
    ms,
  };
}

async function connect(
  question: MailPortQuestion,
  options: LiveWorldOptions,
  resolve: ResolveName,
): Promise<MailPortView> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const { timeoutMs, connectTimeoutMs, login, ...rest } = question;
  const targets = await whereTo(question.host, question.port, options, resolve);
  if ("kind" in targets) return { outcome: targets.kind, detail: targets.reason, ms: elapsed() };
  let seen: MailPortObservation | undefined;
  for (const connectTo of targets) {
    seen = await probeMailPort({
      ...rest,
      timeoutMs: limitOf(timeoutMs, options),
      connectTo,
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
      ...(login === undefined ? {} : { login }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
    if (!isElsewhere(seen.outcome)) break;
  }
  return seen === undefined
    ? { outcome: "unreachable", detail: "no address", ms: elapsed() }
    : { ...seen, ms: elapsed() };
}

/** True where another address of the host may do better. */
function isElsewhere(outcome: HttpsObservation["outcome"] | MailPortObservation["outcome"]): boolean {
  return outcome === "refused" || outcome === "unreachable";
}

function limitOf(wanted: number | undefined, { timeoutMs = TIMEOUT_MS }: LiveWorldOptions): number {
  return Math.min(wanted ?? timeoutMs, timeoutMs);
}

interface NoTarget {
  readonly kind: Extract<RequestFailure, "absent" | "unresolved" | "not-allowed">;
  readonly reason: string;
}

/** The name is looked up first, also where the connection is led elsewhere: a name that is not there serves nobody. */
async function whereTo(
  host: string,
  port: number,
  options: LiveWorldOptions,
  resolve: ResolveName,
): Promise<readonly HostPort[] | NoTarget> {
  const literal = host.replace(/^\[|\]$/g, "");
  const addresses = /^[\d.]+$|:/.test(literal) ? [literal] : await addressesOf(literal, resolve);
  if ("kind" in addresses) return addresses;
  const led = options.connectTo?.(literal, port);
  if (led !== undefined) return [led];
  const allowed = options.allowPrivate === true ? addresses : addresses.filter(isPublicAddress);
  if (allowed.length > 0) return allowed.slice(0, MOST_ADDRESSES).map((address) => ({ host: address, port }));
  return { kind: "not-allowed", reason: `${addresses.join(", ")} is no public address` };
}

async function addressesOf(host: string, resolve: ResolveName): Promise<readonly string[] | NoTarget> {
  const answers = await Promise.all([resolve(host, "A"), resolve(host, "AAAA")]);
  const addresses = answers.flatMap((answer) => (answer.state === "found" ? answer.data : []));
  if (addresses.length > 0) return addresses;
  const unknown = answers.find((answer) => answer.state === "unknown");
  return unknown === undefined
    ? { kind: "absent", reason: `${host} has no address` }
    : { kind: "unresolved", reason: unknown.reason };
}
