/** Longest character-string of a TXT record (RFC 1035 §3.3). */
const MAX_STRING_OCTETS = 255;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Returns a text as the character-strings of a TXT record: quoted, at most 255 octets each, `"` and `\` escaped, octets
 * that are not printable ASCII as `\DDD` (RFC 1035 §5.1).
 */
export function quoteTxt(text: string): string {
  const octets = [...new TextEncoder().encode(text)];
  const strings: string[] = [];
  for (let start = 0; start === 0 || start < octets.length; start += MAX_STRING_OCTETS) {
    strings.push(
      `"${octets
        .slice(start, start + MAX_STRING_OCTETS)
        .map(escapeOctet)
        .join("")}"`,
    );
  }
  return strings.join(" ");
}

/**
 * Returns the text of a TXT record's content, the inverse of {@link quoteTxt}: character-strings are joined without
 * anything between them. Content that does not begin with a quote is one text, as Cloudflare keeps it.
 */
export function parseTxt(content: string): string {
  const trimmed = content.trim();
  const isQuoted = trimmed.startsWith('"');
  const input = [...new TextEncoder().encode(trimmed)];
  const octets: number[] = [];
  let isInside = !isQuoted;
  for (let at = 0; at < input.length; at += 1) {
    const octet = input[at] as number;
    if (octet === BACKSLASH && at + 1 < input.length) {
      const digits = /^\d{3}/.exec(String.fromCharCode(...input.slice(at + 1, at + 4)))?.[0];
      const isDecimal = digits !== undefined && Number(digits) <= 255;
      octets.push(isDecimal ? Number(digits) : (input[at + 1] as number));
      at += isDecimal ? 3 : 1;
    } else if (octet === QUOTE && isQuoted) {
      isInside = !isInside;
    } else if (isInside) {
      octets.push(octet);
    }
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(octets));
}

function escapeOctet(octet: number): string {
  if (octet === QUOTE || octet === BACKSLASH) return `\\${String.fromCharCode(octet)}`;
  const isPrintable = octet >= 0x20 && octet <= 0x7e;
  return isPrintable ? String.fromCharCode(octet) : `\\${String(octet).padStart(3, "0")}`;
}
