import { createHash } from "node:crypto";

/** Cloudflare's limit for a record comment on the free plan (verified 2026-11-23). */
export const MAX_COMMENT_LENGTH = 100;

const PREFIX = "mail-autodiscover";
const ADOPTED = " adopted";
const HASH_LENGTH = 8;

export interface StackIdentity {
  readonly project: string;
  readonly stack: string;
}

/** What an ownership comment says. */
export interface Ownership {
  /** `<project>/<stack>`, shortened where it is long. */
  readonly owner: string;
  /** 8 hexadecimal digits of the logical name's SHA-256. */
  readonly hash: string;
  /** True for a record that others made: it is never deleted. */
  readonly isAdopted: boolean;
}

/**
 * Returns the comment that marks a record as ours: `mail-autodiscover <project>/<stack> <8 hex of the logical name>`,
 * with ` adopted` at its end for a record that others made. A long project or stack name is cut so that the hash
 * always stands.
 */
export function ownershipComment(
  identity: StackIdentity,
  logicalName: string,
  options: { readonly isAdopted?: boolean | undefined } = {},
): string {
  const mark = `${PREFIX} ${ownerOf(identity)} ${ownershipHash(logicalName)}`;
  return options.isAdopted === true ? `${mark}${ADOPTED}` : mark;
}

/** Returns `<project>/<stack>` as comments show it: at most the octets that a comment has room for. */
export function ownerOf(identity: StackIdentity): string {
  const owner = `${identity.project}/${identity.stack}`.replace(/\s+/g, "-");
  return shorten(owner, MAX_COMMENT_LENGTH - PREFIX.length - HASH_LENGTH - 2 - ADOPTED.length);
}

/** Returns the part of the comment that tells one record of a stack from another. */
export function ownershipHash(logicalName: string): string {
  return createHash("sha256").update(logicalName).digest("hex").slice(0, HASH_LENGTH);
}

/** Reads an ownership comment; undefined for any other comment, and for none. */
export function parseOwnership(comment: string | undefined): Ownership | undefined {
  const parts = /^mail-autodiscover (\S+) ([0-9a-f]{8})( adopted)?$/.exec(comment ?? "");
  const [, owner, hash, adopted] = parts ?? [];
  return owner === undefined || hash === undefined
    ? undefined
    : { owner, hash, isAdopted: adopted !== undefined };
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${text.slice(0, length - digest.length - 1)}~${digest}`;
}
