/** Between Node's HTTP servers (1.1 and 2) and the edge's own request and reply. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { EdgeReply, EdgeRequest, HeaderList } from "./edge-exchange.ts";
import { renderPage } from "./edge-pages.ts";

export type IncomingHttp = IncomingMessage | Http2ServerRequest;
export type OutgoingHttp = ServerResponse | Http2ServerResponse;

/** Cloudflare's limit is 100 MB; the largest request that a mail client sends here is a POX document of some hundred bytes. */
const MAXIMUM_BODY_BYTES = 1024 * 1024;

/** Reads the request, lets `answer` decide, writes the reply. Never rejects: a broken connection has nobody to tell. */
export async function serveExchange(
  scheme: "http" | "https",
  incoming: IncomingHttp,
  outgoing: OutgoingHttp,
  answer: (request: EdgeRequest) => Promise<EdgeReply>,
): Promise<void> {
  outgoing.on("error", () => undefined);
  try {
    const body = await readBody(incoming);
    if (body === undefined) {
      writeReply(incoming, outgoing, renderPage("bodyTooLarge"));
      return;
    }
    const request = readRequest(scheme, incoming, body);
    const reply = request === undefined ? renderPage("badRequest") : await answer(request);
    writeReply(incoming, outgoing, reply);
  } catch {
    outgoing.destroy();
  }
}

/** Returns the body; undefined where it is longer than allowed (the rest is read and dropped, so that 413 arrives). */
async function readBody(incoming: IncomingHttp): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= MAXIMUM_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function readRequest(
  scheme: "http" | "https",
  incoming: IncomingHttp,
  body: Uint8Array,
): EdgeRequest | undefined {
  const target = readTarget(incoming);
  if (target === undefined || !URL.canParse(`${scheme}://${target.authority}${target.pathAndQuery}`)) {
    return undefined;
  }
  // The Worker sees a parsed URL, so the routes are matched against the same form (dot segments resolved).
  const url = new URL(`${scheme}://${target.authority}${target.pathAndQuery}`);
  if (url.username !== "" || url.password !== "") return undefined;
  return {
    scheme,
    authority: url.host,
    pathAndQuery: url.pathname + url.search,
    method: incoming.method ?? "GET",
    headers: readHeaders(incoming),
    body,
    clientAddress: incoming.socket.remoteAddress ?? "127.0.0.1",
  };
}

/** RFC 9112 §3.2: origin form, or absolute form, whose authority wins over the Host field (§3.2.2). */
function readTarget(
  incoming: IncomingHttp,
): { readonly authority: string; readonly pathAndQuery: string } | undefined {
  const target = incoming.url ?? "/";
  const absolute = /^https?:\/\/([^/?#]+)([^#]*)/i.exec(target);
  if (absolute !== null) {
    const rest = absolute[2] ?? "";
    return { authority: absolute[1] ?? "", pathAndQuery: rest.startsWith("/") ? rest : `/${rest}` };
  }
  const host = incoming.headers[":authority"] ?? incoming.headers.host;
  if (typeof host !== "string" || host === "") return undefined;
  if (target === "*") return { authority: host, pathAndQuery: "/" };
  return target.startsWith("/") ? { authority: host, pathAndQuery: target } : undefined;
}

function readHeaders(incoming: IncomingHttp): HeaderList {
  const raw = incoming.rawHeaders;
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    if (!name.startsWith(":")) headers.push([name, raw[index + 1] ?? ""]);
  }
  return headers;
}

function writeReply(incoming: IncomingHttp, outgoing: OutgoingHttp, reply: EdgeReply): void {
  const fields = new Map<string, string[]>();
  for (const [name, value] of reply.headers) fields.set(name, [...(fields.get(name) ?? []), value]);
  fields.set("server", ["cloudflare"]);
  const bodiless = reply.status === 204 || reply.status === 304;
  if (!bodiless && incoming.method !== "HEAD") fields.set("content-length", [String(reply.body.length)]);
  outgoing.statusCode = reply.status;
  for (const [name, values] of fields) {
    outgoing.setHeader(name, values.length === 1 ? (values[0] ?? "") : values);
  }
  const isEmpty = bodiless || incoming.method === "HEAD" || reply.body.length === 0;
  if (isEmpty) outgoing.end();
  else outgoing.end(reply.body);
}
