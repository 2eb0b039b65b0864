import { startListeners } from "../../src/adapters/serve/serve-listeners.ts";
import type { TlsFolder } from "../../src/adapters/serve/tls-folder.ts";
import type { ResponderAnswer, ResponderRequest } from "../../src/responder/exchange.ts";
import type { StoredCertificate } from "../../infra/sandbox/mail/certificate-store.ts";
import type { WorldRequest } from "../../src/clients/world/world.ts";
import type { MemoryAnswer, MemoryHandler } from "../clients/memory-world.ts";
import { LOOPBACK, type RunningPort } from "./start-silence.ts";

/** Of a POX request, the longest that a client sends. */
const MAX_BODY_BYTES = 8192;
/** Those that a scenario's answer may depend on. */
const HEADERS: readonly string[] = ["content-type", "user-agent", "accept", "authorization"];

/** Starts a web server: https with a certificate, plain http without. */
export async function startWeb(
  handler: MemoryHandler,
  certificate?: StoredCertificate,
): Promise<RunningPort> {
  const listener = {
    listen: { host: LOOPBACK, port: 0 },
    isHttps: certificate !== undefined,
    handler: (request: ResponderRequest) => answer(request, handler),
    ...(certificate === undefined ? {} : { certificates: soleCertificate(certificate) }),
  };
  const listeners = await startListeners([listener], (line) => process.emitWarning(line));
  return { port: listeners.addresses[0]?.port ?? 0, close: () => listeners.stop() };
}

async function answer(request: ResponderRequest, handler: MemoryHandler): Promise<ResponderAnswer> {
  const { method, isHttps, host, path, search, header } = request;
  const body = await request.readBody(MAX_BODY_BYTES);
  const asked: WorldRequest = {
    method: method as WorldRequest["method"],
    url: `${isHttps ? "https" : "http"}://${host}${path}${search}`,
    headers: Object.fromEntries(
      HEADERS.flatMap((name) => {
        const value = header(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    ...(body === undefined || body.length === 0
      ? {}
      : { body: typeof body === "string" ? body : new TextDecoder().decode(body) }),
  };
  return toAnswer((await handler(asked.method, path, asked)) ?? { status: 404 });
}

function toAnswer({ status, type, headers, body }: MemoryAnswer): ResponderAnswer {
  return {
    status,
    headers: { ...(type === undefined ? {} : { "content-type": type }), ...headers },
    body: status === 204 ? undefined : (body ?? ""),
  };
}

function soleCertificate({ context, certPem, keyPem }: StoredCertificate): TlsFolder {
  return {
    contextFor: () => context,
    fallback: () => ({ cert: certPem, key: keyPem }),
    onChange: () => undefined,
    reload: async () => undefined,
    close: () => undefined,
  };
}
