/** ASCII that stands for itself: nearly all that is ever escaped. */
const PLAIN = /^[\x20!#-%(-;=?-~]*$/;

/** Returns text escaped for XML content and attributes; characters that XML 1.0 §2.2 forbids are dropped. */
export function escapeXml(text: string): string {
  if (PLAIN.test(text)) return text;
  return (
    text
      // oxlint-disable-next-line no-control-regex -- these are the characters that XML forbids
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, "")
      .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
  );
}
