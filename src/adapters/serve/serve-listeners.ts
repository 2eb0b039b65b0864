import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { MailAutodiscoverError } from "../../errors.ts";
import type { ResponderAnswer, ResponderRequest } from "../../responder/exchange.ts";
import { hasTwoHosts, isWithoutBody, readExchange, writeAnswer } from "./serve-exchange.ts";
import type { TlsFolder } from "./tls-folder.ts";

export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export type Handler = (request: ResponderRequest) => Promise<ResponderAnswer>;

/** What one listener does; each request is counted as https or http as the listener says, not as its Host header does. */
export interface Listener {
  readonly listen: ListenAddress;
  /** Absent: no TLS here. */
  readonly certificates?: TlsFolder;
  readonly isHttps: boolean;
  readonly handler: Handler;
}

export interface Listeners {
  /** Addresses in the order of the listeners. */
  readonly addresses: readonly ListenAddress[];
  /** Accepts no more, lets open requests finish for 10 s at most, then cuts them. */
  stop(): Promise<void>;
}

/** A request has 400 octets of body and fewer than 2 kB of headers: these bounds are for those who hold a line open. */
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
} as const;
/** No stream is made for a body that cannot come: an eighth of the cost of a GET. Node before 24.12 does not know it. */
const WITHOUT_EMPTY_STREAMS = { optimizeEmptyRequests: true } as const;
/** Node's own is 120 s: a connection that never speaks TLS would hold its place, and a stop, that long. */
const HANDSHAKE_LIMIT_MS = 10_000;
const MAX_CONNECTIONS = 4096;
const STOP_LIMIT_MS = 10_000;

const UNREADABLE: ResponderAnswer = {
  status: 404,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: "Not found\n",
};
const AMBIGUOUS: ResponderAnswer = { ...UNREADABLE, status: 400, body: "Bad request\n" };
const FAILED: ResponderAnswer = { ...UNREADABLE, status: 500, body: "Internal error\n" };

/**
 * Starts every listener, or none.
 *
 * @throws MailAutodiscoverError `port-taken` where an address cannot be bound
 */
export async function startListeners(
  listeners: readonly Listener[],
  report: (line: string) => void,
): Promise<Listeners> {
  const state = { isStopping: false };
  const sockets = new Set<Socket>();
  const servers: (Server | TlsServer)[] = [];
  try {
    for (const listener of listeners) {
      const server = createListener(listener, state, report);
      await bind(server, listener.listen);
      servers.push(server);
      server.on("connection", (socket: Socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
      });
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return {
    addresses: servers.map((server) => {
      const { address, port } = server.address() as AddressInfo;
      return { host: address, port };
    }),
    stop: async () => {
      state.isStopping = true;
      // Node's closeAllConnections leaves those that are in the middle of a handshake.
      const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), STOP_LIMIT_MS);
      await Promise.all(servers.map(stopServer));
      clearTimeout(timer);
    },
  };
}

function createListener(
  { certificates, handler, isHttps }: Listener,
  state: { readonly isStopping: boolean },
  report: (line: string) => void,
): Server | TlsServer {
  const answer = async (message: IncomingMessage): Promise<ResponderAnswer> => {
    if (hasTwoHosts(message)) return AMBIGUOUS;
    const request = readExchange(message, isHttps);
    if (request === undefined) return UNREADABLE;
    try {
      return await handler(request);
    } catch (error) {
      // Neither host nor path: both may hold an address.
      report(`a request failed: ${error instanceof Error ? error.message : String(error)}`);
      return FAILED;
    }
  };
  const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
    answer(message)
      // What is left of a body that nobody reads is not waited for.
      .then((answered) => writeAnswer(response, answered, state.isStopping || !isRead(message)))
      .catch(() => response.destroy());
  };
  const server =
    certificates === undefined
      ? createServer({ ...LIMITS, ...WITHOUT_EMPTY_STREAMS }, onRequest)
      : createTlsServer(
          {
            ...LIMITS,
            ...WITHOUT_EMPTY_STREAMS,
            ...certificates.fallback(),
            minVersion: "TLSv1.2",
            handshakeTimeout: HANDSHAKE_LIMIT_MS,
            SNICallback: (name, done) => done(null, certificates.contextFor(name)),
          },
          onRequest,
        );
  if (certificates !== undefined) {
    certificates.onChange(() => (server as TlsServer).setSecureContext(certificates.fallback()));
  }
  server.maxConnections = MAX_CONNECTIONS;
  // A client may end its side behind the request and still wait (RFC 9112 §9.6); without this flag, which Node has in
  // lib/_http_server.js but not in its types (v24), it would get nothing.
  Object.assign(server, { httpAllowHalfOpen: true });
  return server;
}

/** A GET has no body, and Node notes its end only after it has been answered. */
function isRead(message: IncomingMessage): boolean {
  return message.complete || isWithoutBody(message) || message.headers["content-length"] === "0";
}

async function bind(server: Server | TlsServer, { host, port }: ListenAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new MailAutodiscoverError("port-taken", `Cannot listen on ${host} port ${port}: ${cause.message}`, {
          remedy: "Stop what listens there, choose another address, or allow this user to bind the port.",
          cause,
        }),
      );
    });
    server.listen({ host, port }, resolve);
  });
}

async function stopServer(server: Server | TlsServer): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
