import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface LoopbackHttp {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** Starts an HTTP server on loopback that keeps what it was asked. */
export async function startLoopbackHttp(
  answer: (seen: Seen, response: ServerResponse) => void,
): Promise<LoopbackHttp> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const each = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      seen.push(each);
      answer(each, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Ends a response with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
