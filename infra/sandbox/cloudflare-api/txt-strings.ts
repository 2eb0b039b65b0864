/** One character-string holds 255 octets (RFC 1035 §3.3). */
const MAXIMUM_STRING_BYTES = 255;

/**
 * Returns the character-strings that a TXT content means: `"quoted" "strings"` each as they stand, with `\"`, `\\` and `\DDD`
 * undone (RFC 1035 §5.1); anything else as one text. Texts over 255 octets are split.
 */
export function parseTxtStrings(content: string): readonly Buffer[] {
  const quoted = readQuoted(content.trim());
  const strings = (quoted ?? [Buffer.from(content)]).flatMap(splitAt255);
  return strings.length > 0 ? strings : [Buffer.alloc(0)];
}

export function txtWireBytes(content: string): number {
  return parseTxtStrings(content).reduce((total, part) => total + part.length + 1, 0);
}

/** Undefined where the content is not entirely made of quoted strings: then it is taken as it stands. */
function readQuoted(text: string): Buffer[] | undefined {
  if (!/^(?:"(?:[^"\\]|\\[\s\S])*"\s*)+$/.test(text)) return undefined;
  return [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g)].map((match) => unescape(match[1] ?? ""));
}

function unescape(text: string): Buffer {
  const parts = text.matchAll(/\\(\d{3})|\\([\s\S])|([^\\]+)/g);
  return Buffer.concat(
    [...parts].map(([, decimal, escaped, plain]) =>
      decimal === undefined ? Buffer.from(escaped ?? plain ?? "") : Buffer.from([Number(decimal) & 255]),
    ),
  );
}

function splitAt255(text: Buffer): Buffer[] {
  if (text.length <= MAXIMUM_STRING_BYTES) return [text];
  return [text.subarray(0, MAXIMUM_STRING_BYTES), ...splitAt255(text.subarray(MAXIMUM_STRING_BYTES))];
}
