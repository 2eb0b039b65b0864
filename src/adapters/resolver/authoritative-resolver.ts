import type { PropagationCheck, ServerObservation } from "../../certificates/ports.ts";
import { openDohCheck, PUBLIC_DOH } from "./doh.ts";
import {
  dnsUnreachable,
  findNameServers,
  isNothingThere,
  queryWith,
  type NameServer,
} from "./name-servers.ts";

export interface AuthoritativeResolverOptions {
  /** `ip:port` of the recursive resolver that finds the zone's servers. Default: the system's. */
  readonly resolver?: string | undefined;
  /** `ip:port` that answers for every zone in place of its own servers: closed networks, the sandbox. */
  readonly authoritative?: string | undefined;
  /** Where the zone's own servers listen; for tests, which may not use the default, 53. */
  readonly port?: number | undefined;
  /**
   * URLs of resolvers over HTTPS, asked where no server of the zone answers. Default: two public ones, and none where `resolver` or
   * `authoritative` says that the network is a closed one.
   */
  readonly doh?: readonly string[] | undefined;
  /** PEM roots trusted for `doh` instead of the built-in ones. */
  readonly ca?: string | undefined;
}

/**
 * Returns the check that asks each authoritative server of a zone directly, by IPv4 and IPv6: a CA validates from several places, so one
 * server that has the record is not enough, and a recursive resolver would remember its absence for the SOA's minimum.
 * Where none of them answers, port 53 is blocked here, and resolvers over HTTPS are asked from then on.
 *
 * The check rejects with `dns-unreachable` where the zone's servers cannot be found and no resolver over HTTPS answers either, or where
 * the given server does not answer.
 */
export function openAuthoritativeResolver(options: AuthoritativeResolverOptions = {}): PropagationCheck {
  const { resolver, authoritative } = options;
  const found = new Map<string, readonly NameServer[]>();
  const isClosed = resolver !== undefined || authoritative !== undefined;
  const doh = openDohCheck({ servers: options.doh ?? (isClosed ? [] : PUBLIC_DOH), ca: options.ca });
  const blocked = new Set<string>();

  const askZone: PropagationCheck["observe"] = async (name, values, signal) => {
    if (authoritative !== undefined) return [await askGiven(authoritative, name, values, signal)];
    const servers = found.get(name) ?? (await findNameServers(name, options, signal));
    found.set(name, servers);
    return await Promise.all(servers.map((server) => askServer(server, name, values, signal)));
  };

  return {
    observe: async (name, values, signal) => {
      let asked: readonly ServerObservation[] = [];
      let failure: unknown;
      if (!blocked.has(name)) {
        try {
          asked = await askZone(name, values, signal);
          if (asked.some(({ state }) => state !== "unreachable")) return asked;
        } catch (error) {
          signal.throwIfAborted();
          failure = error;
        }
      }
      const overHttps = await doh.observe(name, values, signal);
      if (overHttps.some(({ isHeard }) => isHeard)) blocked.add(name);
      if (blocked.has(name)) return overHttps.map(({ server, state }) => ({ server, state }));
      if (failure !== undefined) throw failure;
      return asked;
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
  if (observation.state === "unreachable") throw dnsUnreachable(`The DNS server ${address} does not answer`);
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
      const found = await queryWith(address, signal, (resolver) => resolver.resolveTxt(name)).catch(
        (error: unknown) => {
          signal.throwIfAborted();
          return isNothingThere(error) ? [] : undefined;
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
