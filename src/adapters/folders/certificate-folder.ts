/**
 * A folder from which a server reads its certificate: `fullchain.pem` and `privkey.pem`.
 *
 * The two names are symlinks through one symlink, `.versions/current`, so that a single rename(2) changes both at once:
 *
 *     fullchain.pem -> .versions/current/fullchain.pem        .versions/current -> 04AB...-3f9c...
 *     privkey.pem   -> .versions/current/privkey.pem          .versions/04AB...-3f9c.../{fullchain,privkey}.pem
 *
 * At no moment do the names lead to a chain and a key of different versions. What no layout can prevent is a reader that
 * opens one file before the swap and the other after it; the former version stays for readers that resolved their path.
 */
import { X509Certificate, createHash, createPrivateKey } from "node:crypto";
import { chmod, mkdir, readdir, realpath, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MailAutodiscoverError } from "../../errors.ts";
import {
  readIfPresent,
  readLinkIfPresent,
  replaceLink,
  syncDirectory,
  writeVersion,
} from "./certificate-folder-files.ts";

export interface FolderContent {
  /** The leaf first, then the intermediates. */
  readonly fullChainPem: string;
  readonly privateKeyPem: string;
}

export interface FolderDeployment extends FolderContent {
  /** Made with mode 0700 where it does not exist; otherwise its mode stays, and the versions get the same. */
  readonly path: string;
}

/** The key comes first, so that whoever sees a new chain finds its key. */
const NAMES = ["privkey.pem", "fullchain.pem"] as const;
const VERSIONS = ".versions";
const CURRENT = "current";

/**
 * Puts chain and key into the folder; `changed` is false where they are there already.
 * Plain files that somebody else put under the two names become the former version.
 *
 * @throws MailAutodiscoverError `certificate-mismatch` where the key does not belong to the chain: nothing is written;
 *   `deployment-failed` where the folder cannot be written.
 */
export async function deployToFolder(deployment: FolderDeployment): Promise<{ readonly changed: boolean }> {
  const { path, fullChainPem, privateKeyPem } = deployment;
  const version = nameVersion(deployment);
  try {
    await makeFolder(path);
    if (await isInPlace(path, deployment)) return { changed: false };
    const versions = join(path, VERSIONS);
    const mode = (await stat(path)).mode & 0o777;
    await mkdir(versions, { recursive: true, mode });
    await chmod(versions, mode);
    const previous =
      (await adoptPlainFiles(path, mode)) ?? (await readLinkIfPresent(join(versions, CURRENT)));
    await writeVersion(join(versions, version), { fullChainPem, privateKeyPem }, mode);
    if (previous !== undefined) await linkNames(path);
    await replaceLink(version, join(versions, CURRENT), versions);
    await syncDirectory(versions);
    await linkNames(path);
    await prune(versions, version, previous);
    return { changed: true };
  } catch (cause) {
    if (cause instanceof MailAutodiscoverError) throw cause;
    throw new MailAutodiscoverError("deployment-failed", `The certificate cannot be written to ${path}.`, {
      remedy: "Give the user who deploys write access to this folder and its parent.",
      cause,
    });
  }
}

/**
 * Returns what the folder holds, from one version; undefined where either file is absent.
 *
 * @throws MailAutodiscoverError `state-unreadable` where the files are there and cannot be read.
 */
export async function readFolder(path: string): Promise<FolderContent | undefined> {
  try {
    const current = await resolveIfPresent(join(path, VERSIONS, CURRENT));
    const from = current !== undefined && (await areNamesLinked(path)) ? current : path;
    const [privateKeyPem, fullChainPem] = await Promise.all(
      NAMES.map((name) => readIfPresent(join(from, name))),
    );
    if (fullChainPem === undefined || privateKeyPem === undefined) return undefined;
    return { fullChainPem, privateKeyPem };
  } catch (cause) {
    throw new MailAutodiscoverError("state-unreadable", `The certificate in ${path} cannot be read.`, {
      remedy: "Give the user who deploys read access to this folder.",
      cause,
    });
  }
}

/** Removes what `deployToFolder` made, and the folder where nothing else is left in it. Files of others stay. */
export async function removeFromFolder(path: string): Promise<void> {
  for (const name of NAMES) {
    if ((await readLinkIfPresent(join(path, name))) === targetOf(name)) await rm(join(path, name));
  }
  await rm(join(path, VERSIONS), { recursive: true, force: true });
  try {
    await rmdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "ENOENT" && code !== "EEXIST") throw error;
  }
}

/** Serial and content: the same leaf under another chain is another version. */
function nameVersion({ fullChainPem, privateKeyPem }: FolderContent): string {
  try {
    const leaf = new X509Certificate(fullChainPem);
    if (leaf.checkPrivateKey(createPrivateKey(privateKeyPem))) {
      const digest = createHash("sha256").update(fullChainPem).update("\0").update(privateKeyPem);
      return `${leaf.serialNumber}-${digest.digest("hex").slice(0, 16)}`;
    }
  } catch (cause) {
    throw new MailAutodiscoverError("certificate-mismatch", "The chain or the key is not readable as PEM.", {
      remedy: "Pass the PEM texts as the CA and the key generation gave them.",
      cause,
    });
  }
  throw new MailAutodiscoverError(
    "certificate-mismatch",
    "The private key does not belong to the chain's leaf.",
    {
      remedy: "Deploy the chain together with the key of its own order.",
    },
  );
}

function targetOf(name: string): string {
  return join(VERSIONS, CURRENT, name);
}

async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  // The umask may have taken more than it should.
  await chmod(path, 0o700);
  await syncDirectory(dirname(path));
}

async function isInPlace(path: string, wanted: FolderContent): Promise<boolean> {
  if (!(await areNamesLinked(path))) return false;
  const present = await readFolder(path);
  return present?.fullChainPem === wanted.fullChainPem && present.privateKeyPem === wanted.privateKeyPem;
}

async function areNamesLinked(path: string): Promise<boolean> {
  const targets = await Promise.all(NAMES.map((name) => readLinkIfPresent(join(path, name))));
  return NAMES.every((name, index) => targets[index] === targetOf(name));
}

/**
 * Makes a version of files that somebody else put under the two names, and lets `current` lead to it: so the names become
 * symlinks one after the other without a change of what they show. Returns the version's name; undefined where there is
 * nothing to adopt.
 */
async function adoptPlainFiles(path: string, mode: number): Promise<string | undefined> {
  if (await areNamesLinked(path)) return undefined;
  const [privateKeyPem, fullChainPem] = await Promise.all(
    NAMES.map((name) => readIfPresent(join(path, name))),
  );
  if (fullChainPem === undefined || privateKeyPem === undefined) return undefined;
  const name = `adopted-${createHash("sha256").update(fullChainPem).update("\0").update(privateKeyPem).digest("hex").slice(0, 16)}`;
  const versions = join(path, VERSIONS);
  await writeVersion(join(versions, name), { fullChainPem, privateKeyPem }, mode);
  await replaceLink(name, join(versions, CURRENT), versions);
  return name;
}

async function linkNames(path: string): Promise<void> {
  for (const name of NAMES) {
    if ((await readLinkIfPresent(join(path, name))) !== targetOf(name)) {
      await replaceLink(targetOf(name), join(path, name), join(path, VERSIONS));
    }
  }
  await syncDirectory(path);
}

/** Removes all but the version in use and the one before it; leftovers of broken runs go too. */
async function prune(versions: string, current: string, previous: string | undefined): Promise<void> {
  const kept = new Set([CURRENT, current, previous]);
  for (const name of await readdir(versions)) {
    if (!kept.has(name)) await rm(join(versions, name), { recursive: true, force: true });
  }
}

async function resolveIfPresent(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
