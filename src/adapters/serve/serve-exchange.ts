import type { IncomingMessage, ServerResponse } from "node:http";
import type { ResponderAnswer, ResponderRequest } from "../../responder/exchange.ts";
import { plainPlace, type Place } from "../../responder/plain-place.ts";

/**
 * Makes the responder's request of Node's without building a URL where none is needed: this is half of the cost of a
 * request. The target may be in absolute form, as Delta Chat sends it, and then its host counts (RFC 9112 §3.2.2).
 * Undefined where host or target cannot be understood.
 */
export function readExchange(message: IncomingMessage, isHttps: boolean): ResponderRequest | undefined {
  const target = message.url ?? "/";
  const place = placeOf(target, message.headers.host ?? "");
  if (place === undefined) return undefined;
  return {
    method: message.method ?? "GET",
    isHttps,
    host: place.host,
    path: place.path,
    search: place.search,
    header: (name) => {
      const value = message.headers[name];
      return typeof value === "string" ? value : value?.join(", ");
    },
    readBody: (limit) => readBody(message, limit),
  };
}

/** True where a request names two hosts: it has to be refused, as what is before this server may go by the other one (RFC 9112 §3.2). */
export function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts > 1;
}

/** Sends an answer; `isLast` closes the connection after it. */
export function writeAnswer(
  response: ServerResponse,
  { status, headers, body }: ResponderAnswer,
  isLast: boolean,
): void {
  const said = headers["content-length"];
  const length = said ?? String(typeof body === "string" ? Buffer.byteLength(body) : (body?.byteLength ?? 0));
  const lines = linesOf(headers);
  // Without a length, Node would send the body in chunks.
  const isLengthMissing = said === undefined && status !== 204 && status !== 304;
  response.writeHead(
    status,
    isLengthMissing || isLast
      ? [
          ...lines,
          ...(isLengthMissing ? ["content-length", length] : []),
          ...(isLast ? ["connection", "close"] : []),
        ]
      : lines,
  );
  // Text of ASCII alone, as nearly all is, is sent faster in the encoding that has an octet for each character.
  const isAscii = typeof body === "string" && Number(length) === body.length;
  response.end(response.req.method === "HEAD" ? undefined : body, isAscii ? "latin1" : "utf8");
}

/** Neither a length nor chunks: there is no body (RFC 9112 §6.3), and `optimizeEmptyRequests` lets Node announce no end of it. */
export function isWithoutBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] === undefined && headers["transfer-encoding"] === undefined;
}

const made = new WeakMap<ResponderAnswer["headers"], string[]>();

/** Returns headers as names and values in turns: of the forms that Node takes, the one that it need not read anew each time. */
function linesOf(headers: ResponderAnswer["headers"]): string[] {
  let lines = made.get(headers);
  if (lines === undefined) made.set(headers, (lines = Object.entries(headers).flat()));
  return lines;
}

/** Characters that would end the host in a URL, or begin it anew: what follows them must not become a path. */
const NO_AUTHORITY = /[/?#@\\]/;
/** In place of a host that is empty, or left out in HTTP/1.0: a URL parser would take the path's first segment for it. */
const NO_HOST = "host.invalid";

function placeOf(target: string, authority: string): Place | undefined {
  const plain = plainPlace(authority, target);
  if (plain !== undefined) return plain;
  const isOriginForm = target.startsWith("/");
  if (isOriginForm && NO_AUTHORITY.test(authority)) return undefined;
  const text = isOriginForm ? `https://${authority === "" ? NO_HOST : authority}${target}` : target;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return { host: url.hostname.replace(/\.$/, ""), path: url.pathname, search: url.search };
}

/** Undefined, at once, where the body is longer or its sender leaves; the rest is never kept. */
async function readBody(message: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  if (isWithoutBody(message)) return new Uint8Array();
  if (Number(message.headers["content-length"] ?? 0) > limit) return undefined;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) {
        message.off("data", onData);
        resolve(undefined);
      } else chunks.push(chunk);
    };
    message.on("data", onData);
    message.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)));
    message.once("close", () => resolve(undefined));
    message.once("error", () => resolve(undefined));
  });
}
