import { Resolver } from "node:dns/promises";
import type { QueryType, Resolution, World, WorldRequest, WorldResponse } from "../clients/world.ts";
import { requestHttps } from "./https-probe.ts";

export interface LiveWorldOptions {
  /** `ip:port` of the resolver; undefined means the system's. */
  readonly resolver?: string | undefined;
  /** PEM roots trusted instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** Returns where a connection to `host:port` goes instead; undefined keeps it. */
  readonly connectTo?:
    | ((host: string, port: number) => { readonly host: string; readonly port: number } | undefined)
    | undefined;
  /** Milliseconds for one request with its body. Default 5,000: Thunderbird's own limit. */
  readonly timeoutMs?: number | undefined;
}

/** Thunderbird gives a request 5 s (`FetchHTTP.sys.mjs`). */
const REQUEST_TIMEOUT_MS = 5000;

/** A document is under 10 kB; what is longer is none. */
const MAX_BODY_BYTES = 256 * 1024;

/** Milliseconds for one try, and the number of tries, of a question. */
const RESOLVE_TIMEOUT_MS = 2000;
const RESOLVE_TRIES = 2;

/** Words of a resolver for "there is none" (c-ares): NODATA and NXDOMAIN. */
const ABSENT = new Set(["ENODATA", "ENOTFOUND"]);

/** Opens a world that asks the network. */
export function openLiveWorld(options: LiveWorldOptions): World {
  const resolver = new Resolver({ timeout: RESOLVE_TIMEOUT_MS, tries: RESOLVE_TRIES });
  if (options.resolver !== undefined) resolver.setServers([options.resolver]);
  return {
    resolve: (name, type) => resolve(resolver, name, type),
    request: (request) => send(request, options, resolver),
  };
}

async function resolve(resolver: Resolver, name: string, type: QueryType): Promise<Resolution> {
  try {
    const data = await query(resolver, name, type);
    return data.length === 0 ? { state: "absent" } : { state: "found", data };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return ABSENT.has(code) ? { state: "absent" } : { state: "unknown", reason: code };
  }
}

async function query(resolver: Resolver, name: string, type: QueryType): Promise<readonly string[]> {
  switch (type) {
    case "A":
      return resolver.resolve4(name);
    case "AAAA":
      return resolver.resolve6(name);
    case "CAA":
      return (await resolver.resolveCaa(name)).map((record) => {
        // The property's name is the tag; newer versions of Node say the record's type beside it.
        const [tag = "", value = ""] =
          Object.entries(record).find(([key]) => key !== "critical" && key !== "type") ?? [];
        return `${record.critical} ${tag} ${String(value)}`;
      });
    case "CNAME":
      return (await resolver.resolveCname(name)).map(hostText);
    case "TXT":
      return (await resolver.resolveTxt(name)).map((strings) => strings.join(""));
    case "MX":
      return (await resolver.resolveMx(name)).map(
        ({ priority, exchange }) => `${priority} ${hostText(exchange)}`,
      );
    case "SRV":
      return (await resolver.resolveSrv(name)).map(
        ({ priority, weight, port, name: target }) => `${priority} ${weight} ${port} ${hostText(target)}`,
      );
  }
}

/** c-ares writes the root, the target of a service that is not offered, as an empty name. */
function hostText(name: string): string {
  return name === "" || name === "." ? "." : name.toLowerCase().replace(/\.$/, "");
}

async function send(
  request: WorldRequest,
  options: LiveWorldOptions,
  resolver: Resolver,
): Promise<WorldResponse> {
  const started = performance.now();
  const url = new URL(request.url);
  const target = await whereTo(url, options, resolver);
  if (typeof target === "string") {
    return { state: "failed", reason: target, ms: Math.round(performance.now() - started) };
  }
  const seen = await requestHttps({
    url: request.url,
    method: request.method,
    timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS,
    maxBytes: MAX_BODY_BYTES,
    resolveTo: target,
    ...(request.headers === undefined ? {} : { headers: request.headers }),
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  if (seen.outcome !== "answered")
    return { state: "failed", reason: `${seen.outcome}: ${seen.detail}`, ms: seen.ms };
  const isTrusted = seen.tls === undefined || seen.tls.authorized;
  return {
    state: "answered",
    status: seen.status,
    headers: seen.headers,
    body: new TextDecoder().decode(seen.body),
    tlsError: isTrusted ? undefined : (seen.tls?.authorizationError ?? "no reason given"),
    ms: seen.ms,
  };
}

/** The name is looked up first, also where the connection is led elsewhere: a name that is not there serves nobody. */
async function whereTo(
  url: URL,
  options: LiveWorldOptions,
  resolver: Resolver,
): Promise<{ readonly host: string; readonly port: number } | string> {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  const answers = await Promise.all([
    resolve(resolver, url.hostname, "A"),
    resolve(resolver, url.hostname, "AAAA"),
  ]);
  const address = answers.flatMap((answer) => (answer.state === "found" ? answer.data : [])).at(0);
  const unknown = answers.find((answer) => answer.state === "unknown");
  if (address === undefined)
    return unknown === undefined ? `no address: ${url.hostname}` : `unresolved: ${unknown.reason}`;
  return options.connectTo?.(url.hostname, port) ?? { host: address, port };
}
