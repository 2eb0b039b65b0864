import type { Endpoint } from "../spec/mail-domain.ts";
import type { ClientSettings, MailProtocol } from "./client-settings.ts";

/** Returns a protocol's endpoint with TLS from the first byte (RFC 8314 §3); undefined where the server has none. */
export function implicitEndpoint(settings: ClientSettings, protocol: MailProtocol): Endpoint | undefined {
  const endpoint = settings[protocol];
  return endpoint?.tls === "implicit" ? endpoint : settings.implicitTls?.[protocol];
}
