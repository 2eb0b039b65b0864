import { Resolver } from "node:dns/promises";
import { isIPv6 } from "node:net";
import type { PropagationCheck, ServerObservation } from "../certificates/ports.ts";
import { MailAutodiscoverError } from "../errors.ts";

/** A server has this long for one answer, tried twice. Milliseconds. */
const ANSWER_TIMEOUT_MS = 2000;
const TRIES = 2;

/** Answers that say "there is nothing", as opposed to no answer. */
const NOTHING_THERE: ReadonlySet<string> = new Set(["ENODATA", "ENOTFOUND"]);

export interface AuthoritativeResolverOptions {
  /** `ip:port` of the recursive resolver that finds the zone's servers. Default: the system's. */
  readonly resolver?: string | undefined;
  /** `ip:port` that answers for every zone in place of its own servers: closed networks, the sandbox. */
  readonly authoritative?: string | undefined;
  /** Where the zone's own servers listen; for tests, which may not use the default, 53. */
  readonly port?: number | undefined;
}

interface NameServer {
  readonly name: string;
  /** Each an `ip`, or an `ip:port`. */
  readonly addresses: readonly string[];
}

/**
 * Returns the check that asks each authoritative server of a zone directly, by IPv4 and IPv6: a CA validates from several places, so one
 * server that has the record is not enough, and a recursive resolver would remember its absence for the SOA's minimum.
 *
 * The check rejects with `dns-unreachable` where the zone's servers cannot be found, or the given one does not answer.
 */
export function openAuthoritativeResolver(options: AuthoritativeResolverOptions = {}): PropagationCheck {
  const found = new Map<string, readonly NameServer[]>();
  return {
    observe: async (name, values, signal) => {
      if (options.authoritative !== undefined) {
        return [await askGiven(options.authoritative, name, values, signal)];
      }
      const servers = found.get(name) ?? (await findNameServers(name, options, signal));
      found.set(name, servers);
      return await Promise.all(servers.map((server) => askServer(server, name, values, signal)));
    },
  };
}

async function askGiven(
  address: string,
  name: string,
  values: readonly string[],
  signal: AbortSignal,
): Promise<ServerObservation> {
  const server = { name: address, addresses: [address] };
  const observation = await askServer(server, name, values, signal);
  if (observation.state === "unreachable") throw unreachable(`The DNS server ${address} does not answer`);
  return observation;
}

/** A server is as its worst address that answers; an address family that this machine lacks says nothing about the zone. */
async function askServer(
  server: NameServer,
  name: string,
  values: readonly string[],
  signal: AbortSignal,
): Promise<ServerObservation> {
  const answers = await Promise.all(
    server.addresses.map(async (address) => {
      const found = await query(address, signal, (resolver) => resolver.resolveTxt(name)).catch(
        (error: unknown) => {
          signal.throwIfAborted();
          return NOTHING_THERE.has(codeOf(error)) ? [] : undefined;
        },
      );
      if (found === undefined) return { address, state: "unreachable" as const };
      const texts = new Set(found.map((parts) => parts.join("")));
      return {
        address,
        state: values.every((value) => texts.has(value)) ? ("complete" as const) : ("incomplete" as const),
      };
    }),
  );
  const lagging = answers.filter((answer) => answer.state === "incomplete");
  if (lagging.length > 0) {
    const label = [...new Set([server.name, ...lagging.map((answer) => answer.address)])].join(" ");
    return { server: label, state: "incomplete" };
  }
  const state = answers.some((answer) => answer.state === "complete") ? "complete" : "unreachable";
  return { server: server.name, state };
}

/** Walks up from the name to the closest zone cut, so that a delegation of `_acme-challenge` itself is seen. */
async function findNameServers(
  name: string,
  { resolver: recursive, port }: AuthoritativeResolverOptions,
  signal: AbortSignal,
): Promise<readonly NameServer[]> {
  const labels = name.split(".");
  for (let first = 0; first < labels.length - 1; first += 1) {
    const zone = labels.slice(first).join(".");
    const names = await lookUp(recursive, signal, (resolver) => resolver.resolveNs(zone));
    if (names.length === 0) continue;
    return await Promise.all(
      names.map(async (server) => {
        const v4 = lookUp(recursive, signal, (resolver) => resolver.resolve4(server));
        const v6 = lookUp(recursive, signal, (resolver) => resolver.resolve6(server));
        const addresses = (await Promise.all([v4, v6])).flat();
        return { name: server, addresses: addresses.map((address) => withPort(address, port)) };
      }),
    );
  }
  throw unreachable(`No zone with name servers holds ${name}`);
}

async function lookUp(
  recursive: string | undefined,
  signal: AbortSignal,
  ask: (resolver: Resolver) => Promise<string[]>,
): Promise<readonly string[]> {
  try {
    return await query(recursive, signal, ask);
  } catch (error) {
    signal.throwIfAborted();
    if (NOTHING_THERE.has(codeOf(error))) return [];
    throw unreachable(
      `The resolver ${recursive ?? "of this system"} does not answer (${codeOf(error)})`,
      error,
    );
  }
}

/** A resolver of its own for each question: it can be cancelled alone, and c-ares has no cache between them. */
async function query<T>(
  server: string | undefined,
  signal: AbortSignal,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const resolver = new Resolver({ timeout: ANSWER_TIMEOUT_MS, tries: TRIES });
  if (server !== undefined) resolver.setServers([server]);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await ask(resolver);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Node takes an IPv6 address bare, and in brackets where a port follows. */
function withPort(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function unreachable(message: string, cause?: unknown): MailAutodiscoverError {
  return new MailAutodiscoverError("dns-unreachable", `${message}.`, {
    remedy:
      "Check the resolver's address, that port 53 is open from here, and the zone's delegation at the registrar.",
    retryable: true,
    cause,
  });
}
