/** What clients get of the records that the emulated API stores: the sandbox's DNS and edge over it. */
import { Resolver } from "node:dns/promises";
import { request } from "node:http";
import { connect } from "node:tls";
import { openAuthority } from "../../../infra/sandbox/authority/open-authority.ts";
import type { CloudflareStore } from "../../../infra/sandbox/cloudflare-api/cloudflare-store.ts";
import { startDns } from "../../../infra/sandbox/dns/start-dns.ts";
import { startEdge } from "../../../infra/sandbox/edge/start-edge.ts";
import { temporaryFolder } from "../../infra/sandbox/run-sandbox.ts";

export interface ClientWorld {
  readonly resolver: Resolver;
  /** The body that the edge answers over HTTP. */
  readonly get: (host: string) => Promise<string>;
  /** True where the TLS handshake with the edge ends well. */
  readonly hasCertificate: (host: string) => Promise<boolean>;
}

/** Starts the world, shows it, and ends it. */
export async function inWorld(
  store: CloudflareStore,
  look: (world: ClientWorld) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder();
  const host = "127.0.0.1";
  const authority = await openAuthority(folder.path);
  const edge = await startEdge({ world: store, authority, host, httpPort: 0, httpsPort: 0 });
  const dns = await startDns({
    store,
    host,
    port: 0,
    authoritativePort: 0,
    edgeAddress: host,
    mailAddress: "127.0.0.3",
    mailHosts: () => new Set(),
    extraHosts: () => new Map(),
  });
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`${host}:${dns.recursive.port}`]);
  try {
    await look({
      resolver,
      get: (name) => get(edge.http.port, name),
      hasCertificate: (name) => hasCertificate(edge.https.port, name),
    });
  } finally {
    await Promise.all([dns.close(), edge.close()]);
  }
}

async function get(port: number, host: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request({ host: "127.0.0.1", port, headers: { host }, agent: false }, (response) => {
    response.toArray().then((chunks) => resolve(Buffer.concat(chunks as Buffer[]).toString()), reject);
  })
    .on("error", reject)
    .end();
  return promise;
}

function hasCertificate(port: number, servername: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port, servername, rejectUnauthorized: false });
  socket.once("secureConnect", () => resolve(true)).once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}
