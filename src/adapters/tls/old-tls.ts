/** The versions of TLS that RFC 8996 retired: spoken only to say that a server has nothing newer. */
import { isIP } from "node:net";
import { connect, createSecureContext, type ConnectionOptions, type SecureContext } from "node:tls";
import type { HostPort } from "../connect-to.ts";

/**
 * Returns the options of a handshake in TLS 1.0 and 1.1, without any trust. OpenSSL 3 allows their signatures (MD5 with SHA-1) at
 * security level 0 alone, which allows the keys and certificates of their time, too.
 */
export function oldTlsOptions(): ConnectionOptions {
  context ??= createSecureContext({
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  return { rejectUnauthorized: false, secureContext: context };
}

let context: SecureContext | undefined;

/**
 * True where a handshake failed for the version: the server said so (RFC 8446 §6.2, `protocol_version`), or it answered in one
 * that this side does not speak, as those do that came before TLS 1.2.
 */
export function isTooOld(error: unknown): boolean {
  return error instanceof Error && REFUSALS.test(error.message);
}

/**
 * OpenSSL's numbers of `tlsv1 alert protocol version` and `unsupported protocol` (library 20, reasons 1070 and 258 of `sslerr.h`).
 * Node's own codes say the same, but not where a request was written before the answer: then it is EPROTO, with this text.
 */
const REFUSALS = /\berror:0A(?:00042E|000102):/i;

/** Shakes hands in those versions where TLS comes first; undefined where the server speaks none of them, or the signal was sooner. */
export async function oldProtocolAt(
  place: HostPort,
  servername: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({
    ...place,
    ...(isIP(servername) === 0 ? { servername } : {}),
    ...oldTlsOptions(),
  });
  socket.once("secureConnect", () => resolve(socket.getProtocol() ?? undefined));
  socket.on("error", () => resolve(undefined)).on("close", () => resolve(undefined));
  if (signal.aborted) resolve(undefined);
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  const protocol = await promise;
  socket.destroy();
  return protocol;
}
