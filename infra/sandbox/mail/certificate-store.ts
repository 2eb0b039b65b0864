/**
 * The certificates that the mail server presents, read from `<root>/<domain>/fullchain.pem` and `privkey.pem`.
 *
 * The files are looked at (stat, not read) at each handshake: a deployment needs no reload command, and no connection is
 * touched by it. Watching the tree would be later and less certain: inotify loses events on symlink swaps.
 */
import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { isWithin } from "../../../src/spec/host-name.ts";

/** A certificate with its key, ready for handshakes. */
export interface StoredCertificate {
  readonly certPem: string;
  readonly keyPem: string;
  readonly leaf: X509Certificate;
  readonly context: SecureContext;
}

export interface CertificateStore {
  /**
   * Returns the certificate for a name asked by SNI: of several that cover it, the one of the domain that the name lies in
   * (the closest). Without a name, or a match, the first folder's; at last the fallback.
   */
  choose(serverName: string | undefined): StoredCertificate;
}

interface Cached {
  readonly signature: string;
  readonly certificate: StoredCertificate;
}

/** Opens the store over `root`, which need not exist yet. */
export function openCertificateStore(
  root: string,
  fallback: { readonly certPem: string; readonly keyPem: string },
): CertificateStore {
  const fallbackCertificate = loadCertificate(fallback.certPem, fallback.keyPem);
  const cache = new Map<string, Cached>();

  function current(): readonly (StoredCertificate & { readonly folder: string })[] {
    const folders = listFolders(root);
    for (const folder of cache.keys()) if (!folders.includes(folder)) cache.delete(folder);
    return folders.flatMap((folder) => {
      const present = cache.get(folder);
      try {
        // Resolved once, so that chain and key come from one version where the folder swaps a symlink between the reads.
        const chain = realpathSync(join(root, folder, "fullchain.pem"));
        const key = realpathSync(join(root, folder, "privkey.pem"));
        const signature = `${signatureOf(chain)} ${signatureOf(key)}`;
        if (present?.signature === signature) return [{ ...present.certificate, folder }];
        const certificate = loadCertificate(readFileSync(chain, "utf8"), readFileSync(key, "utf8"));
        cache.set(folder, { signature, certificate });
        return [{ ...certificate, folder }];
      } catch {
        // Absent, half-written, or a key that does not belong to the chain: what was good stays in service.
        return present === undefined ? [] : [{ ...present.certificate, folder }];
      }
    });
  }

  return {
    choose: (serverName) => {
      const certificates = current();
      const matching =
        serverName === undefined
          ? undefined
          : certificates
              .filter(({ leaf }) => leaf.checkHost(serverName, { subject: "never" }) !== undefined)
              .toSorted((a, b) => closeness(serverName, b.folder) - closeness(serverName, a.folder))
              .at(0);
      return matching ?? certificates[0] ?? fallbackCertificate;
    },
  };
}

/** Octets of the domain that a name lies in; 0 where it does not. */
function closeness(name: string, domain: string): number {
  return isWithin(name, domain) ? domain.length : 0;
}

function loadCertificate(certPem: string, keyPem: string): StoredCertificate {
  const leaf = new X509Certificate(certPem);
  if (!leaf.checkPrivateKey(createPrivateKey(keyPem)))
    throw new Error("The key does not fit the certificate.");
  const context = createSecureContext({ cert: certPem, key: keyPem, minVersion: "TLSv1.2" });
  return { certPem, keyPem, leaf, context };
}

function listFolders(root: string): readonly string[] {
  try {
    return readdirSync(root)
      .filter((name) => !name.startsWith("."))
      .sort();
  } catch {
    return [];
  }
}

function signatureOf(path: string): string {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true });
  return `${path}:${String(ino)}:${String(size)}:${String(mtimeNs)}`;
}
