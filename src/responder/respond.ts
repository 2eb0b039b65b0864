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
    readBody: (limit) => readBody(request, limit),
  };
}

/**
 * A body that says how long it is comes in one piece: in workerd this costs a third of a stream. HTTP holds the sender to
 * what it said.
 */
async function readBody(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const said = request.headers.get("content-length");
  if (said === null) return readStream(request.body, limit);
  if (Number(said) > limit) return undefined;
  const body = new Uint8Array(await request.arrayBuffer());
  return body.byteLength > limit ? undefined : body;
}

/** Reads at most the limit and what came with it: a long body costs its sender, not the Worker. */
async function readStream(
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
