/**
 * The sandbox's DNS: one port answers as a recursive resolver that knows nothing but this world, one as the zones' own
 * servers. Both read the account's records anew after each change: nothing is cached by TTL.
 */
import { NAME_SERVERS } from "../cloudflare-api/zone-body.ts";
import { buildWorld, type RecordSource, type World } from "./build-world.ts";
import { handleQuery } from "./handle-query.ts";
import { answerAuthoritatively, resolveRecursively, type Resolution } from "./resolve-question.ts";
import { servePackets, type AnswerPacket } from "./serve-packets.ts";

export interface DnsOptions {
  /** A `CloudflareStore`, or another source of zones and records. */
  readonly store: RecordSource;
  readonly host: string;
  /** Of the recursive view, UDP and TCP; 0 = any free one. */
  readonly port: number;
  /** Of the authoritative view; 0 = any free one. */
  readonly authoritativePort: number;
  /** IPv4 address that proxied names have. */
  readonly edgeAddress: string;
  /** IPv4 address that mail hosts have in the recursive view. */
  readonly mailAddress: string;
  /** Asked at each query, since domains come and go. */
  readonly mailHosts: () => ReadonlySet<string>;
  /** Names of no zone, with their addresses; they come before the zones. */
  readonly extraHosts: () => ReadonlyMap<string, string>;
}

export interface DnsAddress {
  readonly host: string;
  readonly port: number;
}

export interface QueryCounts {
  readonly recursive: number;
  readonly authoritative: number;
}

export interface Dns {
  readonly recursive: DnsAddress;
  readonly authoritative: DnsAddress;
  readonly queries: QueryCounts;
  close(): Promise<void>;
}

/**
 * Starts both servers.
 *
 * @throws MailAutodiscoverError `port-taken`.
 */
export async function startDns(options: DnsOptions): Promise<Dns> {
  const queries = { recursive: 0, authoritative: 0 };
  const currentWorld = remember(options.store, options.edgeAddress);
  const serve =
    (view: keyof QueryCounts, resolve: (name: string, type: string) => Resolution): AnswerPacket =>
    (query, transport) => {
      queries[view] += 1;
      return handleQuery(query, { resolve, transport, recursionAvailable: view === "recursive" });
    };
  const recursive = await servePackets(
    options.host,
    options.port,
    serve("recursive", (name, type) => {
      const hosts = {
        mailAddress: options.mailAddress,
        mailHosts: new Set([...options.mailHosts()].map(normalise)),
        extraHosts: new Map([
          ...NAME_SERVERS.map((server) => [server, options.host] as const),
          ...[...options.extraHosts()].map(([host, address]) => [normalise(host), address] as const),
        ]),
      };
      return resolveRecursively(currentWorld(), hosts, name, type);
    }),
  );
  try {
    const authoritative = await servePackets(
      options.host,
      options.authoritativePort,
      serve("authoritative", (name, type) => answerAuthoritatively(currentWorld(), name, type)),
    );
    return {
      recursive: { host: recursive.host, port: recursive.port },
      authoritative: { host: authoritative.host, port: authoritative.port },
      queries,
      close: async () => {
        await Promise.all([recursive.close(), authoritative.close()]);
      },
    };
  } catch (error) {
    await recursive.close();
    throw error;
  }
}

/** Builds the world once for each version of the records. */
function remember(store: RecordSource, edgeAddress: string): () => World {
  let known: { readonly version: number; readonly world: World } | undefined;
  return () => {
    if (known?.version !== store.version) {
      known = { version: store.version, world: buildWorld(store, edgeAddress) };
    }
    return known.world;
  };
}

function normalise(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}
