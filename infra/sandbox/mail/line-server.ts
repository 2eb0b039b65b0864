/** A TCP listener for a line protocol, with implicit TLS or STARTTLS and certificates chosen at each handshake. */
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { LineSocket } from "../../../src/adapters/mail-ports/mail-line-socket.ts";
import { listen, type ListeningAddress } from "../listen.ts";
import type { CertificateStore } from "./certificate-store.ts";

export interface LineServer {
  readonly address: ListeningAddress;
  /** Ends the connections too. */
  close(): Promise<void>;
}

export interface MailConnection {
  readonly line: LineSocket;
  readonly isSecure: boolean;
  /** Lets the idle limit grow after login. */
  setIdleTimeout(milliseconds: number): void;
  /** Sends `goAhead`, then does the handshake. Rejects where it fails, or where data was sent before it. */
  startTls(goAhead: string): Promise<void>;
}

export interface LineServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly implicitTls: boolean;
  readonly certificates: CertificateStore;
  /** Serves one connection; when it returns, or rejects, the connection is closed. */
  readonly serve: (connection: MailConnection) => Promise<void>;
}

/** For messages; shared with the submission server. */
export const MAIL_LISTENING = { what: "mail server", option: "the port option of this service" } as const;

/** Before login a client has a minute between commands: the limit of a stuck handshake, too. */
const IDLE_BEFORE_LOGIN_MS = 60_000;
const MAXIMUM_CONNECTIONS = 200;

/** @throws MailAutodiscoverError `port-taken` where the port cannot be bound. */
export async function startLineServer(options: LineServerOptions): Promise<LineServer> {
  const connections = new Set<SandboxConnection>();
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = new SandboxConnection(socket, options.certificates);
    connections.add(connection);
    void run(connection, options).finally(() => connections.delete(connection));
  });
  server.maxConnections = MAXIMUM_CONNECTIONS;
  const address = await listen(server, options.host, options.port, MAIL_LISTENING);
  return {
    address,
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const connection of connections) connection.destroy();
      await promise;
    },
  };
}

async function run(connection: SandboxConnection, options: LineServerOptions): Promise<void> {
  try {
    if (options.implicitTls) await connection.startTls("");
    await options.serve(connection);
    connection.line.end();
  } catch {
    // A broken connection or a failed handshake: there is nobody left to tell.
    connection.destroy();
  }
}

class SandboxConnection implements MailConnection {
  readonly line: LineSocket;
  readonly #certificates: CertificateStore;
  /** The socket on top: destroying a TLS socket's underlying one during the handshake would leave the TLS one alive. */
  #top: Socket;
  isSecure = false;

  constructor(socket: Socket, certificates: CertificateStore) {
    this.#top = socket;
    this.#certificates = certificates;
    this.line = new LineSocket(socket);
    this.setIdleTimeout(IDLE_BEFORE_LOGIN_MS);
  }

  setIdleTimeout(milliseconds: number): void {
    this.#top.removeAllListeners("timeout");
    this.#top.setTimeout(milliseconds, () => this.destroy());
  }

  async startTls(goAhead: string): Promise<void> {
    const plain = this.line.release();
    if (goAhead !== "") plain.write(goAhead);
    plain.setTimeout(0);
    const secure = new TLSSocket(plain, {
      isServer: true,
      secureContext: this.#certificates.choose(undefined).context,
      SNICallback: (name, callback) => callback(null, this.#certificates.choose(name).context),
    });
    this.#top = secure;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    secure.once("secure", resolve).once("error", reject);
    secure.once("close", () => reject(new Error("Closed during the handshake.")));
    this.line.secured(secure);
    this.setIdleTimeout(IDLE_BEFORE_LOGIN_MS);
    await promise;
    this.isSecure = true;
  }

  destroy(): void {
    this.#top.destroy();
    this.line.destroy();
  }
}
