import type { QueryType, Resolution, World } from "../clients/world.ts";
import type { AuthoritativeView, ServerAnswer } from "../doctor/checks/check.ts";
import { findZone } from "../doctor/find-zone.ts";
import { askDns } from "./dns-exchange.ts";
import { withPort } from "./name-servers.ts";
import { isPublicAddress } from "./public-address.ts";
import { readResolution } from "./world-resolver.ts";

export interface ZoneServersOptions {
  /** Finds the servers; one that remembers, so that a zone's servers are looked up once. */
  readonly resolve: World["resolve"];
  /** `ip:port` that answers for every zone in place of its own servers: closed networks, the sandbox. */
  readonly authoritative?: string | undefined;
  /** True: servers with addresses of private networks are asked as well. Default false. */
  readonly allowPrivate?: boolean | undefined;
  /** Where the zone's own servers listen; for tests, which may not use the default, 53. */
  readonly port?: number | undefined;
}

interface ZoneServer {
  readonly name: string;
  /** `ip` or `ip:port`. */
  readonly addresses: readonly string[];
}

/** Opens the view of each zone's own servers. */
export function openZoneServers(options: ZoneServersOptions): AuthoritativeView {
  return {
    ask: async (name, type) => {
      const servers = await findServers(name, options);
      if (servers.length > 0) {
        return (await Promise.all(servers.map((server) => askServer(server, name, type)))).flat();
      }
      const reason = "no name server that can be asked was found";
      return [{ server: `the servers of ${name}`, resolution: { state: "unknown", reason } }];
    },
  };
}

async function findServers(
  name: string,
  { resolve, authoritative, allowPrivate = false, port }: ZoneServersOptions,
): Promise<readonly ZoneServer[]> {
  if (authoritative !== undefined) return [{ name: "", addresses: [authoritative] }];
  const zone = await findZone(name, resolve);
  const hosts = zone === undefined ? [] : dataOf(await resolve(zone, "NS"));
  const servers = await Promise.all(
    hosts.map(async (host): Promise<ZoneServer> => {
      const answers = await Promise.all([resolve(host, "A"), resolve(host, "AAAA")]);
      // One of each family: all addresses of one server hold one zone, and some servers have three of each.
      const addresses = answers.flatMap(
        (answer) => dataOf(answer).find((each) => allowPrivate || isPublicAddress(each)) ?? [],
      );
      return { name: host, addresses: addresses.map((address) => withPort(address, port)) };
    }),
  );
  return servers.filter(({ addresses }) => addresses.length > 0);
}

/** Each address of a server; an address family that this machine lacks says nothing where the other one answers. */
async function askServer(
  server: ZoneServer,
  name: string,
  type: QueryType,
): Promise<readonly ServerAnswer[]> {
  const answers = await Promise.all(
    server.addresses.map(async (address): Promise<ServerAnswer> => {
      return { server: `${server.name} ${address}`.trim(), resolution: await askOne(address, name, type) };
    }),
  );
  const heard = answers.filter(({ resolution }) => resolution.state !== "unknown");
  return heard.length > 0 ? heard : answers.slice(0, 1);
}

async function askOne(address: string, name: string, type: QueryType): Promise<Resolution> {
  try {
    const reply = await askDns(address, { name, type }, NEVER);
    const isOurs = reply.flag_aa || !["NOERROR", "NXDOMAIN"].includes(reply.rcode);
    if (isOurs) return readResolution(reply, name, type);
    return { state: "unknown", reason: "the server does not answer for the zone" };
  } catch (error) {
    return { state: "unknown", reason: error instanceof Error ? error.message : String(error) };
  }
}

function dataOf(answer: Resolution): readonly string[] {
  return answer.state === "found" ? answer.data : [];
}

/** Every question has its own time-out. */
const NEVER = new AbortController().signal;
