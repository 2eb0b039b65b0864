/**
 * A private certification authority that plays the CA of Cloudflare's edge (Universal SSL).
 *
 * Root and intermediate stay in the state folder between runs, so that a trust store filled once stays right; leaves live in
 * memory only. The key files are 0600: whoever reads them can impersonate any name to a machine that trusts this root.
 */
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import {
  exportKeyPem,
  generateKeys,
  issueIntermediate,
  issueLeaf,
  issueRoot,
  loadIssuer,
  type Issuer,
} from "./issue-certificate.ts";

/** A certificate that a server can present: the leaf first, then the intermediate; the root is left out. */
export interface IssuedCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface Authority {
  /** What clients must trust. */
  readonly rootPem: string;
  /** Issues a leaf for 90 days, those up to `notAfter` where it is given. The first name is the subject; wildcards are allowed. */
  issue(names: readonly string[], notAfter?: Date): Promise<IssuedCertificate>;
}

/** An authority this close to its end is made anew: leaves live 90 days, and none may outlive its issuer. */
const RENEW_BEFORE_MS = 120 * 24 * 60 * 60 * 1000;

/**
 * Opens the authority kept in `dir`, or makes it there.
 *
 * @throws MailAutodiscoverError `state-unreadable` where files exist but are no authority: a new root made silently would
 *   break every client that trusts the former one.
 */
export async function openAuthority(dir: string): Promise<Authority> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const kept = await readAuthority(dir);
  const { rootPem, issuer } = kept ?? (await makeAuthority(dir));
  return {
    rootPem,
    issue: async (names, notAfter) => {
      const keys = await generateKeys();
      const leaf = await issueLeaf(issuer, keys, names, notAfter);
      return { certPem: `${leaf}\n${issuer.certPem}\n`, keyPem: await exportKeyPem(keys) };
    },
  };
}

interface OpenedAuthority {
  readonly rootPem: string;
  readonly issuer: Issuer;
}

async function readAuthority(dir: string): Promise<OpenedAuthority | undefined> {
  const rootPem = await readIfPresent(join(dir, "root.pem"));
  const bundle = await readIfPresent(join(dir, "intermediate.pem"));
  // The root is written last: without it a former run was cut short, and nobody can trust what it left.
  if (rootPem === undefined) return undefined;
  try {
    const issuer = await loadIssuer(bundle ?? "");
    if (issuer.notAfter.getTime() - Date.now() < RENEW_BEFORE_MS) return undefined;
    return { rootPem, issuer };
  } catch (cause) {
    throw new MailAutodiscoverError("state-unreadable", `The edge authority in ${dir} cannot be read.`, {
      remedy: `Remove ${dir} to have a new authority made, and trust its new root.`,
      cause,
    });
  }
}

async function makeAuthority(dir: string): Promise<OpenedAuthority> {
  const rootKeys = await generateKeys();
  const root = await issueRoot(rootKeys);
  const keys = await generateKeys();
  const certPem = await issueIntermediate(root, rootKeys, keys);
  const bundle = `${certPem}\n${await exportKeyPem(keys)}`;
  // The root's key is forgotten on purpose: one intermediate is all that is ever needed from it.
  await writeAtomically(join(dir, "intermediate.pem"), bundle, 0o600);
  const rootPem = `${root.toString("pem")}\n`;
  await writeAtomically(join(dir, "root.pem"), rootPem, 0o644);
  return { rootPem, issuer: await loadIssuer(bundle) };
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function writeAtomically(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${String(process.pid)}.tmp`;
  await writeFile(temporary, text, { mode });
  await chmod(temporary, mode);
  await rename(temporary, path);
}
