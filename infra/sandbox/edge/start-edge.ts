/**
 * A local edge that behaves as Cloudflare's does to a client: certificates by SNI, Always Use HTTPS, Worker routes and custom
 * domains, `workers.dev`, error pages; the Workers run in workerd. It stands between the sandbox's API store and its clients.
 */
import { createServer as createHttpServer } from "node:http";
import { createSecureServer } from "node:http2";
import type { Server, Socket } from "node:net";
import type { Authority } from "../authority/open-authority.ts";
import { listen, type ListeningAddress } from "../listen.ts";
import { answerRequest, type AnswerContext } from "./answer-request.ts";
import { chooseCertificate } from "./choose-certificate.ts";
import type { EdgeWorld } from "./edge-world.ts";
import { loopbackOnly, type ResolveOrigin } from "./forward-to-origin.ts";
import { serveExchange, type IncomingHttp, type OutgoingHttp } from "./serve-exchange.ts";
import { openWorkerPool } from "./worker-pool.ts";

export interface EdgeOptions {
  readonly world: EdgeWorld;
  readonly authority: Authority;
  /** The address to bind, for example `127.0.0.1`. */
  readonly host: string;
  /** 0 = any free port. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Default: loopback addresses on ports 80 and 443, nothing else. */
  readonly resolveOrigin?: ResolveOrigin;
  /** Receives one line for each error of a Worker. Default: nobody. */
  readonly report?: (message: string) => void;
}

export interface Edge {
  readonly http: ListeningAddress;
  readonly https: ListeningAddress;
  /** Ends connections and runtimes; resolves when the ports are free. */
  close(): Promise<void>;
}

const LISTENING = { what: "edge", option: "--http-port or --https-port" };

/** Cloudflare allows 128 KB of request headers in all; clients of this module send under 2. */
const MAXIMUM_HEADER_BYTES = 32 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Starts the edge.
 *
 * @throws MailAutodiscoverError `port-taken` where a port cannot be bound.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { world, authority, host } = options;
  const workers = openWorkerPool(world, options.report ?? (() => undefined));
  const context: AnswerContext = { world, workers, resolveOrigin: options.resolveOrigin ?? loopbackOnly };
  const serve =
    (scheme: "http" | "https") =>
    (incoming: IncomingHttp, outgoing: OutgoingHttp): void => {
      void serveExchange(scheme, incoming, outgoing, (request) => answerRequest(context, request));
    };
  const limits = {
    maxHeaderSize: MAXIMUM_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  };
  const plain = createHttpServer(limits, serve("http"));
  const secure = createSecureServer(
    {
      allowHTTP1: true,
      minVersion: "TLSv1.2",
      // Node's HTTP/1.1 half takes them; its types do not say so (nodejs/node lib/internal/http2/core.js, storeHTTPOptions).
      ...limits,
      settings: { maxHeaderListSize: MAXIMUM_HEADER_BYTES },
      // There is no default certificate: without a context of its own a handshake ends in alert 40, handshake_failure,
      // which is what Cloudflare sends for a name that its certificates do not cover, and to clients without SNI.
      SNICallback: chooseCertificate(world, authority),
    },
    serve("https"),
  );
  // Failed handshakes and malformed requests are a client's business; unheard they would end the process.
  secure.on("tlsClientError", () => undefined);
  const sockets = trackSockets([plain, secure]);
  const closeAll = async (): Promise<void> => {
    const closed = [plain, secure].filter((server) => server.listening).map(closeServer);
    for (const socket of sockets) socket.destroy();
    await Promise.all([...closed, workers.close()]);
  };
  try {
    const http = await listen(plain, host, options.httpPort, LISTENING);
    const https = await listen(secure, host, options.httpsPort, LISTENING);
    return { http, https, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function trackSockets(servers: readonly Server[]): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  for (const server of servers) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
  }
  return sockets;
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  return promise;
}
