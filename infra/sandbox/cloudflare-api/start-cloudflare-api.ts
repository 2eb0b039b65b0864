/**
 * An emulator of the Cloudflare v4 API: real paths, envelopes, error codes, paging and conflicts, so
 * that the official SDK and the real Pulumi provider work against it unchanged. Where it is kinder than the service, that is a
 * defect.
 */
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { listen } from "../listen.ts";
import { CloudflareStore } from "./cloudflare-store.ts";
import { buildApi, type RequestCounts } from "./build-api.ts";
import { createZones } from "./create-zones.ts";
import type { PreloadZone } from "./preload-zone.ts";
import type { InjectedFailure } from "./inject-failures.ts";
import type { TokenScopes } from "./token-scopes.ts";

export interface CloudflareApiOptions {
  /** Where everything is kept that must outlive the process. */
  readonly stateFile: string;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** The one token that is let in; never stored. */
  readonly apiToken: string;
  /** What that token may do. Default: everything. */
  readonly tokenScopes?: TokenScopes;
  /** 32 hexadecimal digits. */
  readonly accountId: string;
  /** Zones to create where the state lacks them. */
  readonly zones: readonly string[];
  readonly preload?: readonly PreloadZone[];
  /** The account's name below workers.dev; null where none was chosen. */
  readonly workersSubdomain: string | null;
}

export interface CloudflareApi {
  /** With `/client/v4`: what `CLOUDFLARE_BASE_URL` and the SDK's `baseURL` take. */
  readonly url: string;
  readonly store: CloudflareStore;
  readonly requests: RequestCounts;
  /** Lets the next requests fail; several faults queue up. */
  readonly failNext: (fault: InjectedFailure) => void;
  close(): Promise<void>;
}

/**
 * Starts the API.
 *
 * @throws MailAutodiscoverError `state-unreadable`, `invalid-config` (what is preloaded) or `port-taken`.
 */
export async function startCloudflareApi(options: CloudflareApiOptions): Promise<CloudflareApi> {
  const store = new CloudflareStore(options.stateFile, options.accountId, options.workersSubdomain);
  createZones(store, options.zones, options.preload ?? []);
  const api = buildApi(store, options.apiToken, options.tokenScopes);
  const server = createAdaptorServer({ fetch: api.app.fetch }) as Server;
  const { host: address, port } = await listen(server, options.host, options.port, {
    what: "Cloudflare API emulator",
  });
  const host = address.includes(":") ? `[${address}]` : address;
  return {
    url: `http://${host}:${String(port)}${api.basePath}`,
    store,
    requests: api.requests,
    failNext: api.failNext,
    close: () => closeServer(server),
  };
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => {
    resolve();
  });
  // Clients keep their connections open; waiting for them would take their idle time-out.
  server.closeAllConnections();
  return promise;
}
