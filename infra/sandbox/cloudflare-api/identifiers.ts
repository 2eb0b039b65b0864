import { createHash, randomBytes } from "node:crypto";

/** Returns a fresh id in the API's form: 32 hexadecimal digits. */
export function newId(): string {
  return randomBytes(16).toString("hex");
}

/** Returns the id of what `words` name: the same words give the same id in every state folder, so that logs compare. */
export function deriveId(...words: readonly string[]): string {
  return createHash("sha256").update(words.join("\0")).digest("hex").slice(0, 32);
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Returns the present time as the API writes it, to the microsecond: `2023-01-17T20:37:05.368097Z`. */
export function timestamp(): string {
  return new Date().toISOString().replace("Z", "000Z");
}
