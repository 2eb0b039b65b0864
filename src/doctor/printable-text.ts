/** Controls, and what turns the direction of text (Trojan Source, CVE-2021-42574). */
const UNPRINTABLE = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\p{Zl}\p{Zp}\p{Surrogate}]/gu;

/**
 * Returns text as one line that is safe to print: what other people's servers say must not move the cursor of a terminal,
 * nor end the line of a report. Controls become `\u001b`, the escape of JSON.
 */
export function printableText(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}
