/** A world in memory: zones as data, servers by their addresses. It answers as a resolver, a web and a mail server would. */
import type {
  MailPortQuestion,
  MailPortProtocol,
  MailPortView,
  QueryType,
  RequestFailure,
  Resolution,
  World,
  WorldRequest,
  WorldResponse,
} from "../../src/clients/world/world.ts";
import { answerProbe } from "../../src/dns/wildcard/answer-probe.ts";
import { indexZoneNames, type ZoneNames } from "../../src/dns/wildcard/zone-names.ts";
import { isWithin } from "../../src/spec/host-name.ts";

/** `NAME TYPE DATA`, the data in the form of {@link World}: SRV as `priority weight port target`; no final dots. */
export type RecordLine = string;

export interface MemoryAnswer {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Undefined is a 404. `path` comes without the query. */
export type MemoryHandler = (
  method: WorldRequest["method"],
  path: string,
  request: WorldRequest,
) => MemoryAnswer | undefined | Promise<MemoryAnswer | undefined>;

/** `incomplete`: without the intermediate that signed it. `none`: no TLS. */
export type MemoryTls = "trusted" | "self-signed" | "wrong-name" | "expired" | "incomplete" | "none";

export interface MemoryMailPort {
  readonly port: number;
  readonly protocol: MailPortProtocol;
  /** `plain`: without STARTTLS. */
  readonly tls: "implicit" | "starttls" | "plain";
  /** True: it takes a connection and never says a word, as behind a filter. */
  readonly isSilent?: boolean;
}

/** What runs at one address. */
export interface MemoryServer {
  /** Of the web server and the mail server. `none`: nothing listens on 443. Default `trusted`. */
  readonly tls?: MemoryTls;
  /** Names that the certificate covers, where it is not all: for others it is one of a wrong name. */
  readonly certificateNames?: readonly string[];
  /** Undefined: nothing listens there. */
  readonly https?: MemoryHandler;
  readonly http?: MemoryHandler;
  readonly mail?: readonly MemoryMailPort[];
  /** Milliseconds of each answer. Default 0. */
  readonly latencyMs?: number;
  /** True: packets vanish, and a client waits for all of its time. */
  readonly blackHole?: boolean;
}

export interface MemoryWorldOptions {
  /** Zones by their apex. */
  readonly zones: Readonly<Record<string, readonly RecordLine[]>>;
  /** By address. An address that no server has refuses connections. */
  readonly servers?: Readonly<Record<string, MemoryServer>>;
  /** What is said of names outside the zones: `absent` (a closed laboratory) or, as a planned world says, `unknown`. Default `absent`. */
  readonly others?: "absent" | "unknown";
  /** Milliseconds of a DNS answer. Default 0. */
  readonly dnsMs?: number;
}

export interface MemoryWorld extends World {
  /** What was asked so far: `NAME TYPE`, `METHOD URL`, `PROTOCOL TLS host:port`. */
  readonly asked: readonly string[];
}

/** What a client without a limit of its own waits for a black hole. */
const WORLD_TIMEOUT_MS = 5000;
/** As resolvers do, in case of a loop. */
const MOST_ALIASES = 8;
/** Node's words. */
const TLS_ERRORS: Readonly<Record<Exclude<MemoryTls, "trusted" | "none">, string>> = {
  "self-signed": "DEPTH_ZERO_SELF_SIGNED_CERT",
  "wrong-name": "ERR_TLS_CERT_ALTNAME_INVALID",
  expired: "CERT_HAS_EXPIRED",
  incomplete: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
};

export function memoryWorld(options: MemoryWorldOptions): MemoryWorld {
  const zones = Object.entries(options.zones).map(([apex, lines]) =>
    indexZoneNames(apex, lines.map(toRecord)),
  );
  const asked: string[] = [];
  const lookUp = (name: string, type: QueryType): Resolution => resolveIn(zones, name, type, options);
  const serverOf = (host: string): MemoryServer | RequestFailure => {
    const answer = [lookUp(host, "A"), lookUp(host, "AAAA")];
    if (answer.some(({ state }) => state === "unknown")) return "unknown";
    const address = answer.flatMap((each) => (each.state === "found" ? each.data : []))[0];
    return address === undefined ? "absent" : (options.servers?.[address] ?? "refused");
  };
  return {
    asked,
    resolve: async (name, type) => {
      asked.push(`${name} ${type}`);
      return lookUp(name, type);
    },
    request: async (request) => {
      asked.push(`${request.method} ${request.url}`);
      return respondTo(request, serverOf(new URL(request.url).hostname));
    },
    probe: async (question) => {
      asked.push(`${question.protocol} ${question.tls} ${question.host}:${question.port}`);
      return connectTo(question, serverOf(question.host));
    },
  };
}

function toRecord(line: RecordLine): { name: string; type: string; content: string; proxied: boolean } {
  const [name = "", type = "", ...data] = line.split(" ");
  return { name, type, content: data.join(" "), proxied: false };
}

function resolveIn(
  zones: readonly ZoneNames[],
  name: string,
  type: QueryType,
  { others = "absent", dnsMs = 0 }: MemoryWorldOptions,
): Resolution {
  const ms = dnsMs;
  const aliases: string[] = [];
  for (let current = name; aliases.length <= MOST_ALIASES;) {
    const zone = zones.find(({ apex }) => isWithin(current, apex));
    if (zone === undefined) {
      if (others === "absent") return { state: "absent", aliases, ms };
      return { state: "unknown", reason: `${current} is somebody else's name`, ms };
    }
    const { records } = answerProbe(zone, current, type);
    const target = records.find((record) => record.type === "CNAME")?.content;
    if (target === undefined || type === "CNAME") {
      const data = records.map(({ content }) => content);
      return data.length === 0 ? { state: "absent", aliases, ms } : { state: "found", data, aliases, ms };
    }
    aliases.push(target);
    current = target;
  }
  return { state: "unknown", reason: "the aliases lead in a circle", ms };
}

async function respondTo(
  request: WorldRequest,
  server: MemoryServer | RequestFailure,
): Promise<WorldResponse> {
  const fail = (kind: RequestFailure, ms: number): WorldResponse => ({
    state: "failed",
    kind,
    reason: `${kind} in this world`,
    ms,
  });
  if (typeof server === "string") return fail(server, 0);
  if (server.blackHole === true) return fail("timeout", request.timeoutMs ?? WORLD_TIMEOUT_MS);
  const url = new URL(request.url);
  const isTls = url.protocol === "https:";
  const ms = server.latencyMs ?? 0;
  const handler = isTls ? server.https : server.http;
  if (handler === undefined || url.port !== "" || (isTls && server.tls === "none"))
    return fail("refused", ms);
  const answer = await handler(request.method, url.pathname, request);
  const { status, type, headers, body } = answer ?? { status: 404 };
  return {
    state: "answered",
    status,
    headers: { ...(type === undefined ? {} : { "content-type": type }), ...headers },
    body: body ?? "",
    tlsError: isTls ? tlsErrorOf(server, url.hostname) : undefined,
    ms,
  };
}

function tlsErrorOf({ tls = "trusted", certificateNames }: MemoryServer, host: string): string | undefined {
  if (tls !== "trusted" && tls !== "none") return TLS_ERRORS[tls];
  return certificateNames?.includes(host) === false ? TLS_ERRORS["wrong-name"] : undefined;
}

const CAPABILITIES: Readonly<Record<MailPortProtocol, string>> = {
  imap: "AUTH=PLAIN",
  pop3: "SASL PLAIN",
  submission: "AUTH PLAIN",
  sieve: "SASL PLAIN",
  smtp: "PIPELINING",
};

function connectTo(question: MailPortQuestion, server: MemoryServer | RequestFailure): MailPortView {
  if (typeof server === "string") {
    const outcome = server === "too-large" || server === "invalid-url" ? "unreachable" : server;
    return { outcome, detail: `${server} in this world`, ms: 0 };
  }
  const ms = server.latencyMs ?? 0;
  if (server.blackHole === true) {
    return { outcome: "timeout", detail: "silence", ms: question.timeoutMs ?? WORLD_TIMEOUT_MS };
  }
  const served = server.mail?.find(
    ({ port, protocol }) => port === question.port && protocol === question.protocol,
  );
  if (served === undefined) return { outcome: "refused", detail: "nothing listens in this world", ms };
  if (served.isSilent === true) {
    return { outcome: "timeout", detail: "silence", ms: question.timeoutMs ?? WORLD_TIMEOUT_MS };
  }
  if (served.tls !== question.tls) {
    return question.tls === "implicit"
      ? { outcome: "tls-failed", detail: "the port greets in plain text", ms }
      : served.tls === "plain"
        ? { outcome: "starttls-refused", detail: "STARTTLS is not offered", ms }
        : {
            outcome: "timeout",
            detail: "the port waits for TLS",
            ms: question.timeoutMs ?? WORLD_TIMEOUT_MS,
          };
  }
  const authorizationError = tlsErrorOf(server, question.host);
  return {
    outcome: "answered",
    authorized: authorizationError === undefined,
    authorizationError,
    tlsProtocol: "TLSv1.3",
    certificate: { spkiSha256: "00".repeat(32), notAfter: new Date("2100-01-01") },
    capabilities: [CAPABILITIES[question.protocol]],
    ms,
  };
}
