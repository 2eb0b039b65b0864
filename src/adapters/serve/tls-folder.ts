import { createPrivateKey, X509Certificate } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { MailAutodiscoverError } from "../../errors.ts";
import { readFolder, type FolderContent } from "../folders/certificate-folder.ts";
import { watchFolder } from "./serve-watch.ts";

/** The certificates of a folder, kept up to date. */
export interface TlsFolder {
  /** The certificate for a server name: one that names it, else one whose wildcard does, else the fallback. */
  contextFor(serverName: string): SecureContext;
  /** For clients that send no server name: the folder's own pair, else that of its first sub-folder. */
  fallback(): { readonly cert: string; readonly key: string };
  /** Called after each change. */
  onChange(listener: () => void): void;
  /** Reads the folder now; resolves when what it holds is in use. Never rejects. */
  reload(): Promise<void>;
  close(): void;
}

interface Loaded extends FolderContent {
  readonly context: SecureContext;
  /** Lower case, wildcards included. */
  readonly names: readonly string[];
}

/**
 * Opens a folder that holds `fullchain.pem` and `privkey.pem`, or sub-folders that do, and reads it again whenever files
 * in it change. A pair that does not belong together is reported, and the former one stays in use, as does one whose files
 * go away. Connections that are open keep theirs in any case.
 *
 * @throws MailAutodiscoverError `certificate-mismatch` where there is no usable pair at the start, `usage` where there is no
 *   folder
 */
export async function openTlsFolder(path: string, report: (line: string) => void): Promise<TlsFolder> {
  const loaded = new Map<string, Loaded>();
  const listeners: (() => void)[] = [];
  let byName = new Map<string, Loaded>();

  async function load(): Promise<boolean> {
    let isChanged = false;
    for (const folder of await foldersIn(path)) {
      const former = loaded.get(folder);
      try {
        const content = await readFolder(folder);
        if (content === undefined || isSame(content, former)) continue;
        loaded.set(folder, prepare(content));
        isChanged = true;
      } catch (error) {
        const kept = former === undefined ? "" : "; the former certificate stays in use";
        report(`${folder}: ${error instanceof Error ? error.message : String(error)}${kept}`);
      }
    }
    byName = indexNames([...loaded.values()]);
    return isChanged;
  }

  function first(): Loaded {
    const [one] = loaded.values();
    if (one !== undefined) return one;
    throw new MailAutodiscoverError("certificate-mismatch", `There is no usable certificate in ${path}.`, {
      remedy: "Put fullchain.pem and privkey.pem there, or into a sub-folder for each domain.",
    });
  }

  async function reload(): Promise<void> {
    try {
      if (!(await load())) return;
      report(`certificates of ${path} loaded`);
      for (const listener of listeners) listener();
    } catch (error) {
      report(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  try {
    await load();
  } catch (cause) {
    throw new MailAutodiscoverError("usage", `Cannot read the certificates in ${path}.`, {
      remedy: "Name a folder that exists and that you may read.",
      cause,
    });
  }
  first();
  const watcher = await watchFolder(path, reload);
  return {
    contextFor: (serverName) => {
      const name = serverName.toLowerCase();
      const wildcard = `*${name.slice(name.indexOf("."))}`;
      return (byName.get(name) ?? byName.get(wildcard) ?? first()).context;
    },
    fallback: () => {
      const { fullChainPem, privateKeyPem } = first();
      return { cert: fullChainPem, key: privateKeyPem };
    },
    onChange: (listener) => listeners.push(listener),
    reload,
    close: () => watcher.close(),
  };
}

/** The folder itself first. Hidden ones hold versions, not domains. */
async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const folders = entries.filter(
    (entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()),
  );
  const names = folders.map(({ name }) => name).filter((name) => !name.endsWith(".pem"));
  return [path, ...names.toSorted().map((name) => join(path, name))];
}

/**
 * Throws where the key does not belong to the chain, as it is in the middle of a change of two plain files. OpenSSL alone
 * would take an empty key, or none at all, and then fail every handshake.
 */
function prepare({ fullChainPem, privateKeyPem }: FolderContent): Loaded {
  const leaf = new X509Certificate(fullChainPem);
  if (!leaf.checkPrivateKey(createPrivateKey(privateKeyPem))) {
    throw new MailAutodiscoverError("certificate-mismatch", "The key does not belong to the certificate.", {
      remedy: "Put the key there that the certificate was issued for.",
    });
  }
  const context = createSecureContext({ cert: fullChainPem, key: privateKeyPem, minVersion: "TLSv1.2" });
  const { subjectAltName = "" } = leaf;
  const names = subjectAltName.split(", ").flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []);
  return { fullChainPem, privateKeyPem, context, names: names.map((name) => name.toLowerCase()) };
}

function isSame(content: FolderContent, former: FolderContent | undefined): boolean {
  return former?.fullChainPem === content.fullChainPem && former.privateKeyPem === content.privateKeyPem;
}

function indexNames(all: readonly Loaded[]): Map<string, Loaded> {
  const index = new Map<string, Loaded>();
  for (const one of all) for (const name of one.names) if (!index.has(name)) index.set(name, one);
  return index;
}
