import { answer, type ResponderOptions } from "./answer.ts";
import type { ResponderRequest } from "./exchange.ts";

export type { ResponderOptions } from "./answer.ts";

/** Answers one request as a Worker or any other place with `Request` and `Response` has them; see {@link answer}. */
export async function respond(request: Request, options: ResponderOptions): Promise<Response> {
  const { status, headers, body } = await answer(readRequest(request), options);
  return new Response((body as Uint8Array<ArrayBuffer> | string | undefined) ?? null, { status, headers });
}

function readRequest(request: Request): ResponderRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    isHttps: url.protocol === "https:",
    host: url.hostname.replace(/\.$/, ""),
    path: url.pathname,
    search: url.search,
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: (limit) => readBody(request.body, limit),
  };
}

/** Reads at most the limit and what came with it: a long body costs its sender, not the Worker. */
async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    length += part.value.byteLength;
    if (length > limit) {
      await reader?.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
