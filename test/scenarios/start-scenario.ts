/** A world in memory brought to life on loopback: name server, web hosts and mail servers, each a real one. */
import { startDns } from "../../infra/sandbox/dns/start-dns.ts";
import { connectTarget } from "../../src/adapters/connect-to.ts";
import { openLiveWorld } from "../../src/adapters/live-world.ts";
import type { World } from "../../src/clients/world/world.ts";
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
  /** The network as it is here. */
  readonly world: World;
  close(): Promise<void>;
}

/** Long, for a busy machine: nothing that answers takes it. */
const TIMEOUT_MS = 10_000;
/** What never answers is not waited for as long: the result is the same. */
const SILENT_TIMEOUT_MS = 250;

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
    world: withShortSilence(
      openLiveWorld({
        resolver,
        ca: certificates.rootPem,
        connectTo: (host, port) => connectTarget(connectTo, host, port),
        allowPrivate: true,
        timeoutMs: TIMEOUT_MS,
      }),
      (host, port) => running.get(addresses.get(host) ?? "")?.silentPorts.has(port) === true,
    ),
    close: async () => {
      await Promise.all([dns.close(), ...[...running.values()].map((server) => server.close())]);
    },
  };
}

/** A time-out that is short for all would now and then cut off an answer, too. */
function withShortSilence(world: World, isSilent: (host: string, port: number) => boolean): World {
  return {
    resolve: world.resolve,
    request: (request) => {
      const { protocol, hostname } = new URL(request.url);
      const isShort = isSilent(hostname, protocol === "https:" ? 443 : 80);
      return world.request(isShort ? { ...request, timeoutMs: SILENT_TIMEOUT_MS } : request);
    },
    probe: (question) => {
      const isShort = isSilent(question.host, question.port);
      return world.probe(isShort ? { ...question, timeoutMs: SILENT_TIMEOUT_MS } : question);
    },
  };
}
