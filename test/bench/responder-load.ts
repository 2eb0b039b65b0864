import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * Sends requests one after another on each of `connections` for `durationMs`. Answers are counted by their octets, so that
 * the measuring costs little of the machine: all have the length of the first one.
 */
export async function putLoad(
  port: number,
  requests: readonly Buffer[],
  connections: number,
  durationMs: number,
): Promise<LoadResult> {
  const length = await answerLength(port, requests[0] ?? Buffer.alloc(0));
  const started = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, index) =>
      runConnection(port, requests, length, index, started + durationMs),
    ),
  );
  return {
    requests: counts.reduce((sum, count) => sum + count, 0),
    seconds: (performance.now() - started) / 1000,
  };
}

/** Returns the milliseconds of each of `count` requests, one at a time on one connection. */
export async function measureLatencies(
  port: number,
  request: Buffer,
  count: number,
): Promise<readonly number[]> {
  const length = await answerLength(port, request);
  const socket = await open(port);
  const latencies: number[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const started = performance.now();
    socket.write(request);
    for (let received = 0; received < length;) {
      const [chunk] = (await once(socket, "data")) as [Buffer];
      received += chunk.length;
    }
    latencies.push(performance.now() - started);
  }
  socket.destroy();
  return latencies;
}

async function runConnection(
  port: number,
  requests: readonly Buffer[],
  length: number,
  offset: number,
  deadline: number,
): Promise<number> {
  const socket = await open(port);
  return new Promise((resolve, reject) => {
    let count = 0;
    let received = 0;
    let next = offset;
    const send = (): void => {
      socket.write(requests[next % requests.length] ?? "");
      next += 1;
    };
    socket.on("data", (chunk) => {
      received += chunk.length;
      if (received < length) return;
      received -= length;
      count += 1;
      if (performance.now() < deadline) return send();
      socket.destroy();
      resolve(count);
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(count));
    send();
  });
}

/** Checks that the answer is a 200, too: a fast error is no result. */
async function answerLength(port: number, request: Buffer): Promise<number> {
  const socket = await open(port);
  socket.write(request);
  let answer = "";
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    answer += chunk.toString("latin1");
    const end = answer.indexOf("\r\n\r\n");
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(answer)?.[1] ?? Number.NaN);
    if (end === -1) continue;
    if (!answer.startsWith("HTTP/1.1 200") || Number.isNaN(length)) {
      socket.destroy();
      throw new Error(`not an answer with a length: ${answer.slice(0, 300)}`);
    }
    if (answer.length < end + 4 + length) continue;
    socket.destroy();
    return answer.length;
  }
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}
