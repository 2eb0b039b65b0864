/** A world in memory brought to life on loopback: name server, web hosts and mail servers, each a real one. */
import { startDns } from "../../infra/sandbox/dns/start-dns.ts";
import { connectTarget } from "../../src/adapters/connect-to.ts";
import type { LiveWorldOptions } from "../../src/adapters/live-world.ts";
import type { MemoryWorldOptions } from "../clients/memory-world.ts";
import { hostAddresses, onLoopback, recordSource } from "./loopback-zones.ts";
import type { ScenarioCertificates } from "./scenario-certificates.ts";
import { CLIENT_PORTS, startServer } from "./start-server.ts";
import { LOOPBACK } from "./start-silence.ts";

export interface RunningScenario {
  /** `ip:port` of a resolver that knows nothing but the scenario. */
  readonly resolver: string;
  /** `ip:port` of the zones' own server. */
  readonly authoritative: string;
  /** `host:port:ip:port` for every host and port that a client may connect to. */
  readonly connectTo: readonly string[];
  readonly caFile: string;
  /** What a live world needs to look at it. */
  readonly world: LiveWorldOptions;
  close(): Promise<void>;
}

/** tcpmux, which nobody runs: connections to it are refused, whatever the machine itself serves. */
const CLOSED_PORT = 1;

export async function startScenario(
  { zones, servers = {} }: MemoryWorldOptions,
  certificates: ScenarioCertificates,
): Promise<RunningScenario> {
  const addresses = hostAddresses(zones);
  const running = new Map(
    await Promise.all(
      Object.entries(servers).map(async ([address, server]) => {
        const hosts = [...addresses].flatMap(([host, of]) => (of === address ? [host] : []));
        const { tls = "trusted", certificateNames = hosts } = server;
        const certificate = await certificates.of(tls === "none" ? "trusted" : tls, certificateNames);
        return [address, await startServer(server, certificate)] as const;
      }),
    ),
  );
  const dns = await startDns({
    store: recordSource(onLoopback(zones)),
    host: LOOPBACK,
    port: 0,
    authoritativePort: 0,
    edgeAddress: LOOPBACK,
    mailAddress: LOOPBACK,
    mailHosts: () => new Set(),
    extraHosts: () => new Map(),
  });
  const connectTo = [...addresses].flatMap(([host, address]) =>
    CLIENT_PORTS.map((port) => {
      return `${host}:${port}:${LOOPBACK}:${running.get(address)?.ports.get(port) ?? CLOSED_PORT}`;
    }),
  );
  const resolver = `${dns.recursive.host}:${dns.recursive.port}`;
  return {
    resolver,
    authoritative: `${dns.authoritative.host}:${dns.authoritative.port}`,
    connectTo,
    caFile: certificates.caFile,
    world: {
      resolver,
      ca: certificates.rootPem,
      connectTo: (host, port) => connectTarget(connectTo, host, port),
      allowPrivate: true,
    },
    close: async () => {
      await Promise.all([dns.close(), ...[...running.values()].map((server) => server.close())]);
    },
  };
}
