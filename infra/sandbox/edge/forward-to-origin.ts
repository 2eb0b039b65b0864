/** The proxy half of the edge: from a proxied record to the server behind it. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { EdgeRecord, EdgeWorld } from "./edge-world.ts";
import { HOP_BY_HOP, hostOf, type EdgeReply, type EdgeRequest } from "./edge-exchange.ts";
import { renderPage } from "./edge-pages.ts";
import { closestZone } from "../../../src/spec/host-name.ts";
import { findProxiedRecord } from "./address-records.ts";

export interface OriginAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Where in the sandbox the server behind `content` (an address, or a host outside the zones) listens; undefined where there
 * is none, which answers 523.
 */
export type ResolveOrigin = (content: string, scheme: "http" | "https") => OriginAddress | undefined;

/** Cloudflare's dummy address of originless records (developers.cloudflare.com/workers/configuration/routing/routes). */
const ORIGINLESS = "100::";
/** Cloudflare waits 100 s for an origin; a person at a sandbox should not. */
const ORIGIN_TIMEOUT_MS = 10_000;
const CNAME_LIMIT = 8;
const REPLY_LIMIT_BYTES = 8 * 1024 * 1024;

/** Loopback addresses on the standard ports: nothing leaves the machine. */
export const loopbackOnly: ResolveOrigin = (content, scheme) =>
  content === "::1" || /^127\.\d+\.\d+\.\d+$/.test(content)
    ? { host: content, port: scheme === "http" ? 80 : 443 }
    : undefined;

/** Forwards as with the zone's encryption mode "Full": the same scheme, and the origin's certificate is not verified. */
export async function forwardToOrigin(
  context: { readonly world: EdgeWorld; readonly resolveOrigin: ResolveOrigin },
  record: EdgeRecord,
  request: EdgeRequest,
): Promise<EdgeReply> {
  const content = followAliases(context.world, record);
  if (content === undefined) return renderPage("originUnresolved");
  if (content === ORIGINLESS) return renderPage("originTimeout");
  const origin = context.resolveOrigin(content, request.scheme);
  return origin === undefined ? renderPage("originUnreachable") : exchange(origin, request);
}

/** Returns the address at the end of the aliases, or the first name that no zone here holds; undefined in a loop. */
function followAliases(world: EdgeWorld, record: EdgeRecord): string | undefined {
  let current = record;
  for (let depth = 0; depth < CNAME_LIMIT; depth += 1) {
    if (current.type !== "CNAME") return current.content;
    const target = current.content.toLowerCase().replace(/\.$/, "");
    const zone = closestZone(target, world.zones());
    if (zone === undefined) return target;
    const records = world.records(zone.id);
    const next =
      findProxiedRecord(records, target) ??
      records.find(({ name, type }) => name === target && ["A", "AAAA", "CNAME"].includes(type));
    if (next === undefined) return undefined;
    current = next;
  }
  return undefined;
}

async function exchange(origin: OriginAddress, request: EdgeRequest): Promise<EdgeReply> {
  const { promise, resolve } = Promise.withResolvers<EdgeReply>();
  const servername = hostOf(request.authority);
  const start = request.scheme === "https" ? requestHttps : requestHttp;
  const outgoing = start(
    {
      host: origin.host,
      port: origin.port,
      path: request.pathAndQuery,
      method: request.method,
      headers: [...forwarded(request), ["host", request.authority]].flat(),
      agent: false,
      rejectUnauthorized: false,
      ...(isIP(servername) === 0 ? { servername } : {}),
      signal: AbortSignal.timeout(ORIGIN_TIMEOUT_MS),
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > REPLY_LIMIT_BYTES) incoming.destroy(new Error("The origin's reply is too large."));
      });
      incoming.on("error", () => resolve(renderPage("originUnreachable")));
      incoming.on("end", () => {
        const raw = incoming.rawHeaders;
        const headers = raw.flatMap((name, index) =>
          index % 2 === 0 && !HOP_BY_HOP.has(name.toLowerCase())
            ? [[name.toLowerCase(), raw[index + 1] ?? ""] as const]
            : [],
        );
        resolve({ status: incoming.statusCode ?? 502, headers, body: Buffer.concat(chunks) });
      });
    },
  );
  outgoing.on("error", (error: NodeJS.ErrnoException) => resolve(renderPage(pageOf(error))));
  outgoing.end(request.body);
  return promise;
}

function forwarded(request: EdgeRequest): string[][] {
  return request.headers
    .filter(([name]) => !HOP_BY_HOP.has(name) && name !== "host")
    .map(([name, value]) => [name, value]);
}

function pageOf(error: NodeJS.ErrnoException): "originRefused" | "originTimeout" | "originUnreachable" {
  if (error.code === "ECONNREFUSED") return "originRefused";
  return error.name === "AbortError" || error.name === "TimeoutError" || error.code === "ETIMEDOUT"
    ? "originTimeout"
    : "originUnreachable";
}
