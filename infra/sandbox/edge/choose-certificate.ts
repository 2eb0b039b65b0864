/** The certificate that the edge presents for a name: as narrow as Cloudflare's own. */
import { createSecureContext, type SecureContext } from "node:tls";
import type { Authority } from "../authority/open-authority.ts";
import type { EdgeWorld } from "./edge-world.ts";
import { findHost } from "./find-host.ts";

export type SniCallback = (
  serverName: string,
  callback: (error: Error | null, context?: SecureContext) => void,
) => void;

/** Answers without a context for a name that has no edge certificate: the handshake then fails with an alert. */
export function chooseCertificate(world: EdgeWorld, authority: Authority): SniCallback {
  const issued = new Map<string, Promise<SecureContext>>();

  async function contextFor(names: readonly string[]): Promise<SecureContext> {
    const key = names.join(" ");
    let context = issued.get(key);
    if (context === undefined) {
      context = authority
        .issue(names)
        .then(({ certPem, keyPem }) =>
          createSecureContext({ cert: certPem, key: keyPem, minVersion: "TLSv1.2" }),
        );
      issued.set(key, context);
    }
    return context;
  }

  return (serverName, callback) => {
    const names = findHost(world, serverName.toLowerCase())?.certificateNames;
    if (names === undefined) {
      callback(null);
      return;
    }
    contextFor(names).then(
      (context) => callback(null, context),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  };
}
