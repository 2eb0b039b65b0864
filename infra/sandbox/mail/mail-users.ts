/** Who may log in to the sandbox's mail server. */
import { createHash, timingSafeEqual } from "node:crypto";

export interface MailUser {
  /** The full address. */
  readonly address: string;
  readonly password: string;
}

export type ReadUsers = () => readonly MailUser[];

/**
 * Returns the user whose address, or its local part, is `username` (case ignored, as mail servers do) and whose password
 * fits. A local part may stand in more than one domain: the password decides.
 */
export function findUser(
  users: readonly MailUser[],
  username: string,
  password: string,
): MailUser | undefined {
  const wanted = username.toLowerCase();
  return users.find(({ address, password: known }) => {
    const lower = address.toLowerCase();
    const named = lower === wanted || lower.slice(0, lower.lastIndexOf("@")) === wanted;
    return named && isEqual(known, password);
  });
}

/**
 * Returns the user name and password of a SASL PLAIN message in base64 (RFC 4616); undefined where it is none.
 * An authorisation identity other than the user is refused: nobody here may act for another.
 */
export function parsePlain(base64: string): { username: string; password: string } | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const parts = Buffer.from(base64, "base64").toString("utf8").split("\0");
  const [authorization, username, password] = parts;
  if (parts.length !== 3 || !username || password === undefined) return undefined;
  return authorization === "" || authorization === username ? { username, password } : undefined;
}

function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
