import { createServer, type Socket } from "node:net";
import { listen } from "../../infra/sandbox/listen.ts";

export const LOOPBACK = "127.0.0.1";

/** A listener on loopback. */
export interface RunningPort {
  readonly port: number;
  readonly isSilent?: true;
  close(): Promise<void>;
}

/** Takes connections and never says a word. */
export async function startSilence(): Promise<RunningPort> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
    socket.resume();
  });
  const { port } = await listen(server, LOOPBACK, 0, { what: "black hole" });
  let closing: Promise<void> | undefined;
  return {
    port,
    isSilent: true,
    close: () => {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      return closing;
    },
  };
}
