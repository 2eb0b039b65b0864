import { answer, type ResponderOptions } from "./answer.ts";
import type { ResponderAnswer, ResponderRequest } from "./exchange.ts";
import { plainPlace, type Place } from "./plain-place.ts";

export type { ResponderOptions } from "./answer.ts";

/** Answers one request as a Worker or any other place with `Request` and `Response` has them; see {@link answer}. */
export async function respond(request: Request, options: ResponderOptions): Promise<Response> {
  const { status, headers, body } = await answer(readRequest(request), options);
  return new Response((body as Uint8Array<ArrayBuffer> | string | undefined) ?? null, {
    status,
    // A 200 has the headers of its document; those of other answers may be of one request only.
    headers: status === 200 ? platformHeaders(headers) : headers,
  });
}

const made = new WeakMap<ResponderAnswer["headers"], Headers>();

/** Returns the same headers as the platform's object, which a `Response` copies for less than it reads a record. */
function platformHeaders(headers: ResponderAnswer["headers"]): Headers {
  let of = made.get(headers);
  if (of === undefined) made.set(headers, (of = new Headers(headers)));
  return of;
}

function readRequest(request: Request): ResponderRequest {
  const { method, url } = request;
  const { host, path, search } = placeOf(url);
  return {
    method,
    isHttps: url.startsWith("https:"),
    host,
    path,
    search,
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: (limit) => readBody(request, limit),
  };
}

function placeOf(url: string): Place {
  const start = url.indexOf("//") + 2;
  const end = url.indexOf("/", start);
  const plain = end === -1 ? undefined : plainPlace(url.slice(start, end), url.slice(end));
  if (plain !== undefined) return plain;
  const { hostname, pathname: path, search } = new URL(url);
  return { host: hostname.replace(/\.$/, ""), path, search };
}

/** As every Outlook labels its requests. */
const UTF_8_TYPE = /;\s*charset="?utf-8"?\s*(?:;|$)/i;

/**
 * A body that says how long it is comes in one piece: in workerd this costs a third of a stream, and as text less than as
 * octets that are decoded here. HTTP holds the sender to the length that it said.
 */
function readBody(request: Request, limit: number): Promise<Uint8Array | string | undefined> {
  const { headers } = request;
  const said = headers.get("content-length");
  if (said === null) return readStream(request.body, limit);
  if (Number(said) > limit) return Promise.resolve(undefined);
  return UTF_8_TYPE.test(headers.get("content-type") ?? "") ? request.text() : readOctets(request, limit);
}

async function readOctets(request: Request, limit: number): Promise<Uint8Array | undefined> {
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
