import { createHash } from "node:crypto";

/** Cloudflare's limit for a record comment on the free plan (verified 2026-11-23). */
export const MAX_COMMENT_LENGTH = 100;

const PREFIX = "mail-autodiscover";

export interface StackIdentity {
  readonly project: string;
  readonly stack: string;
}

/**
 * Returns the comment that marks a record as ours: `mail-autodiscover <project>/<stack> <8 hex of the logical name>`.
 * A long project or stack name is cut in its middle so that the hash always stands.
 */
export function ownershipComment(identity: StackIdentity, logicalName: string): string {
  const hash = createHash("sha256").update(logicalName).digest("hex").slice(0, 8);
  const owner = `${identity.project}/${identity.stack}`.replace(/\s+/g, "-");
  const room = MAX_COMMENT_LENGTH - PREFIX.length - hash.length - 2 - " adopted".length;
  return `${PREFIX} ${shorten(owner, room)} ${hash}`;
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${text.slice(0, length - digest.length - 1)}~${digest}`;
}
