import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { LOOPBACK, type RunningPort } from "./start-silence.ts";

/** Node accepts every connection; this listener accepts none, and has room for one that waits. */
const LISTENER = `
import socket, sys
listener = socket.socket()
listener.bind(("${LOOPBACK}", 0))
listener.listen(0)
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
`;

/** More than wait at a listener without room (Linux keeps one over the backlog). */
const FILLERS = 4;

/** A port whose packets vanish, as behind a firewall that drops them: the queue of a listener that is full (Linux). */
export async function startDropped(): Promise<RunningPort> {
  const child = spawn("python3", ["-c", LISTENER], { stdio: ["pipe", "pipe", "inherit"] });
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(printed.toString().trim());
  const fillers: Socket[] = [];
  for (let count = 0; count < FILLERS; count += 1) {
    const socket = connect(port, LOOPBACK);
    socket.on("error", () => undefined);
    fillers.push(socket);
    // Those that find no room do not connect either.
    await Promise.race([once(socket, "connect"), new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  return {
    port,
    isSilent: true,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      child.stdin.end();
      await once(child, "exit");
    },
  };
}
