import { Resolver } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { MailAutodiscoverError } from "../../errors.ts";

/** A server has this long for one answer, tried twice. Milliseconds. */
const ANSWER_TIMEOUT_MS = 2000;
const TRIES = 2;

/** Answers that say "there is nothing", as opposed to no answer. */
const NOTHING_THERE: ReadonlySet<string> = new Set(["ENODATA", "ENOTFOUND"]);

export interface NameServer {
  readonly name: string;
  /** Each an `ip`, or an `ip:port`. */
  readonly addresses: readonly string[];
}

export interface NameServerOptions {
  /** `ip:port` of the recursive resolver that finds the zone's servers. Default: the system's. */
  readonly resolver?: string | undefined;
  /** Where the zone's own servers listen; for tests, which may not use the default, 53. */
  readonly port?: number | undefined;
}

/**
 * Walks up from the name to the closest zone cut, so that a delegation of `_acme-challenge` itself is seen, and returns the zone's servers.
 *
 * @throws MailAutodiscoverError `dns-unreachable` where there are none, or the resolver does not answer
 */
export async function findNameServers(
  name: string,
  { resolver: recursive, port }: NameServerOptions,
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
  throw dnsUnreachable(`No zone with name servers holds ${name}`);
}

async function lookUp(
  recursive: string | undefined,
  signal: AbortSignal,
  ask: (resolver: Resolver) => Promise<string[]>,
): Promise<readonly string[]> {
  try {
    return await queryWith(recursive, signal, ask);
  } catch (error) {
    signal.throwIfAborted();
    if (isNothingThere(error)) return [];
    throw dnsUnreachable(
      `The resolver ${recursive ?? "of this system"} does not answer (${codeOf(error)})`,
      error,
    );
  }
}

/** A resolver of its own for each question: it can be cancelled alone, and c-ares has no cache between them. */
export async function queryWith<T>(
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
export function withPort(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

/** True for an answer that says "there is nothing". */
export function isNothingThere(error: unknown): boolean {
  return NOTHING_THERE.has(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** The error of a look that got no answer. */
export function dnsUnreachable(message: string, cause?: unknown): MailAutodiscoverError {
  return new MailAutodiscoverError("dns-unreachable", `${message}.`, {
    remedy:
      "Check the resolver's address, that port 53 is open from here, and the zone's delegation at the registrar.",
    retryable: true,
    cause,
  });
}
