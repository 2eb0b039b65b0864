import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, isIPv6, type Server, type Socket } from "node:net";
import { listen, portTaken } from "../listen.ts";

export type AnswerPacket = (query: Buffer, transport: "udp" | "tcp") => Buffer | undefined;

export interface PacketServer {
  readonly host: string;
  /** The same for UDP and TCP. */
  readonly port: number;
  close(): Promise<void>;
}

const LISTENING = { what: "DNS server", option: "--dns-port" };

/** A connection that says nothing for so long is closed (RFC 7766 §6.2.3 leaves the length to the server). */
const TCP_IDLE_MS = 10_000;
const LENGTH_BYTES = 2;
/** Tries to find a number that is free for UDP and TCP alike, where any port will do. */
const PORT_TRIES = 10;

/**
 * Listens on UDP and TCP of one port; 0 = any free one.
 *
 * @throws MailAutodiscoverError `port-taken`.
 */
export async function servePackets(host: string, port: number, answer: AnswerPacket): Promise<PacketServer> {
  for (let left = port === 0 ? PORT_TRIES : 1; ; left -= 1) {
    const tcp = await listenTcp(host, port, answer);
    try {
      const udp = await listenUdp(host, tcp.port, answer);
      return {
        host,
        port: tcp.port,
        close: async () => {
          await Promise.all([tcp.close(), closeUdp(udp)]);
        },
      };
    } catch (error) {
      await tcp.close();
      if (left <= 1) throw error;
    }
  }
}

async function listenUdp(host: string, port: number, answer: AnswerPacket): Promise<UdpSocket> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  const { promise, resolve, reject } = Promise.withResolvers<UdpSocket>();
  const fail = (cause: unknown): void => {
    socket.close();
    reject(portTaken(host, port, LISTENING, cause));
  };
  socket.once("error", fail);
  socket.on("message", (query, { port: clientPort, address }) => {
    const response = answer(query, "udp");
    if (response !== undefined) socket.send(response, clientPort, address);
  });
  socket.bind(port, host, () => {
    socket.off("error", fail);
    // A client that is gone (ICMP "port unreachable") is no concern of the server.
    socket.on("error", () => undefined);
    resolve(socket);
  });
  return promise;
}

async function closeUdp(socket: UdpSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.close(() => {
    resolve();
  });
  return promise;
}

async function listenTcp(host: string, port: number, answer: AnswerPacket): Promise<PacketServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serveConnection(socket, answer);
  });
  const bound = await listen(server, host, port, LISTENING);
  return { host, port: bound.port, close: () => closeTcp(server, sockets) };
}

/** Each message has its length before it, and a connection may carry several (RFC 7766 §6.2.1, §8). */
function serveConnection(socket: Socket, answer: AnswerPacket): void {
  let pending = Buffer.alloc(0);
  socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + pending.readUInt16BE(0);
      if (pending.length < end) return;
      const response = answer(pending.subarray(LENGTH_BYTES, end), "tcp");
      pending = pending.subarray(end);
      if (response !== undefined) socket.write(Buffer.concat([lengthOf(response), response]));
    }
  });
}

async function closeTcp(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => {
    resolve();
  });
  for (const socket of sockets) socket.destroy();
  return promise;
}

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return length;
}
