import type { QueryType, Resolution, World } from "../../clients/world/world.ts";
import type { AuthoritativeView, ServerAnswer } from "../../doctor/checks/check.ts";
import type { HostPort } from "../connect-to.ts";
import { askDns } from "./dns-exchange.ts";
import { withPort } from "./name-servers.ts";
import { isPublicAddress } from "../public-address.ts";
import { readResolution } from "./world-resolver.ts";

export interface AuthoritativeViewOptions {
  /** `ip:port` that answers for every zone in place of its own servers: closed networks, the sandbox. */
  readonly authoritative?: string | undefined;
  /** Where the zone's own servers listen; for tests, which may not use the default, 53. */
  readonly port?: number | undefined;
  /** Returns where a connection to `host:port` goes instead; undefined keeps it. */
  readonly connectTo?: ((host: string, port: number) => HostPort | undefined) | undefined;
  /** True: servers at addresses of private networks and of this host are asked as well. Default false, as in a live world. */
  readonly allowPrivate?: boolean | undefined;
}

const DNS_PORT = 53;

/** Servers beyond these are told nothing new: most zones have two to four. */
const MOST_SERVERS = 6;

/** One of the zone's servers, at the address that is asked, or why none is. */
type Target =
  | { readonly server: string; readonly address: string }
  | { readonly server: string; readonly address: undefined; readonly reason: string };

/**
 * Opens the view of each of a zone's own servers. A server is asked at one address, IPv4 where it has one: the two families of one server
 * hold one zone, and this machine may lack the other. One that stayed silent is not asked again.
 *
 * @param resolve Finds the servers.
 */
export function openAuthoritativeView(
  resolve: World["resolve"],
  options: AuthoritativeViewOptions = {},
): AuthoritativeView {
  const searches = new Map<string, Promise<readonly Target[]>>();
  const silent = new Map<string, string>();
  const ask = async (target: Target, name: string, type: QueryType): Promise<ServerAnswer> => {
    const { server, address } = target;
    if (address === undefined) return { server, resolution: unknown(target.reason) };
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
      const search = searches.get(domain) ?? findTargets(domain, resolve, options);
      searches.set(domain, search);
      try {
        return await Promise.all((await search).map((target) => ask(target, name, type)));
      } catch (error) {
        return [{ server: `name servers of ${domain}`, resolution: unknown(messageOf(error)) }];
      }
    },
  };
}

async function findTargets(
  name: string,
  resolve: World["resolve"],
  options: AuthoritativeViewOptions,
): Promise<readonly Target[]> {
  const { authoritative } = options;
  if (authoritative !== undefined) return [{ server: authoritative, address: authoritative }];
  const servers = (await findServers(name, resolve)).toSorted().slice(0, MOST_SERVERS);
  return Promise.all(servers.map((server) => findTarget(server, resolve, options)));
}

/** Walks up from the name to the closest zone cut. */
async function findServers(name: string, resolve: World["resolve"]): Promise<readonly string[]> {
  const labels = name.split(".");
  for (let first = 0; first < labels.length - 1; first += 1) {
    const answer = await resolve(labels.slice(first).join("."), "NS");
    if (answer.state === "unknown") throw new Error(answer.reason);
    // What an alias leads to is another zone's.
    if (answer.state === "found" && (answer.aliases ?? []).length === 0) return answer.data;
  }
  throw new Error(`No zone with name servers holds ${name}.`);
}

async function findTarget(
  server: string,
  resolve: World["resolve"],
  { allowPrivate = false, connectTo, port }: AuthoritativeViewOptions,
): Promise<Target> {
  const led = connectTo?.(server, DNS_PORT);
  if (led !== undefined) return { server, address: withPort(led.host, led.port) };
  const answers = await Promise.all([resolve(server, "A"), resolve(server, "AAAA")]);
  const addresses = answers.flatMap((answer) => (answer.state === "found" ? answer.data : []));
  const address = addresses.find((each) => allowPrivate || isPublicAddress(each));
  if (address !== undefined) return { server, address: withPort(address, port) };
  const silent = answers.find((answer) => answer.state === "unknown");
  const none = addresses.length === 0 ? "it has no address" : "it has no public address";
  return { server, address: undefined, reason: addresses.length === 0 ? (silent?.reason ?? none) : none };
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

function unknown(reason: string): Extract<Resolution, { state: "unknown" }> {
  return { state: "unknown", reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
