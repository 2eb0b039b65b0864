import type { QueryType, Resolution } from "../clients/world.ts";
import type { AuthoritativeView, ServerAnswer } from "../doctor/checks/check.ts";
import { askDns } from "./dns-exchange.ts";
import { findNameServers } from "./name-servers.ts";
import { isPublicAddress } from "./public-address.ts";
import { readResolution } from "./world-resolver.ts";

export interface AuthoritativeViewOptions {
  /** `ip:port` of the recursive resolver that finds the zone's servers. Default: the system's. */
  readonly resolver?: string | undefined;
  /** `ip:port` that answers for every zone in place of its own servers: closed networks, the sandbox. */
  readonly authoritative?: string | undefined;
  /** Where the zone's own servers listen; for tests, which may not use the default, 53. */
  readonly port?: number | undefined;
  /** True: servers at addresses of private networks and of this host are asked as well. Default false, as in a live world. */
  readonly allowPrivate?: boolean | undefined;
  /** Milliseconds for the search of the servers. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

const SEARCH_TIMEOUT_MS = 10_000;

/** Servers beyond these are told nothing new: most zones have two to four. */
const MOST_SERVERS = 6;

/** One of the zone's servers, at the address that is asked; undefined where it has none that may be. */
interface Target {
  readonly server: string;
  readonly address: string | undefined;
}

/**
 * Opens the view of each of a zone's own servers. A server is asked at one address, IPv4 where it has one: the two families of one server
 * hold one zone, and this machine may lack the other. One that stayed silent is not asked again.
 */
export function openAuthoritativeView(options: AuthoritativeViewOptions = {}): AuthoritativeView {
  const searches = new Map<string, Promise<readonly Target[]>>();
  const silent = new Map<string, string>();
  const ask = async ({ server, address }: Target, name: string, type: QueryType): Promise<ServerAnswer> => {
    if (address === undefined) {
      return { server, resolution: { state: "unknown", reason: "it has no public address" } };
    }
    const label = server === address ? server : `${server} ${address}`;
    const known = silent.get(address);
    const resolution = known === undefined ? await askServer(address, name, type) : unknown(known);
    if (resolution.state === "unknown" && resolution.reason.endsWith("stays silent")) {
      silent.set(address, resolution.reason);
    }
    return { server: label, resolution };
  };
  return {
    ask: async (domain, name, type) => {
      const search = searches.get(domain) ?? findTargets(domain, options);
      searches.set(domain, search);
      try {
        return await Promise.all((await search).map((target) => ask(target, name, type)));
      } catch (error) {
        return [{ server: `name servers of ${domain}`, resolution: unknown(messageOf(error)) }];
      }
    },
  };
}

async function findTargets(name: string, options: AuthoritativeViewOptions): Promise<readonly Target[]> {
  const { authoritative, allowPrivate = false, timeoutMs = SEARCH_TIMEOUT_MS } = options;
  if (authoritative !== undefined) return [{ server: authoritative, address: authoritative }];
  const servers = await findNameServers(name, options, AbortSignal.timeout(timeoutMs));
  return servers
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SERVERS)
    .map(({ name: server, addresses }) => ({
      server,
      // IPv4 addresses come first.
      address: addresses.find((address) => allowPrivate || isPublicAddress(withoutPort(address))),
    }));
}

/** Without its authority an answer is not this server's own: a resolver in its place, or a zone that it does not hold. */
async function askServer(address: string, name: string, type: QueryType): Promise<Resolution> {
  try {
    const reply = await askDns(address, { name, type }, new AbortController().signal);
    if (reply.rcode === "NOERROR" && !reply.flag_aa) return unknown("it does not hold the zone");
    return readResolution(reply, name, type);
  } catch (error) {
    return unknown(messageOf(error));
  }
}

function withoutPort(address: string): string {
  return /^\[(.+)\]:\d+$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}

function unknown(reason: string): Extract<Resolution, { state: "unknown" }> {
  return { state: "unknown", reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
