/** Longest name in DNS, in octets without the final dot (RFC 1035 §2.3.4). */
const MAX_NAME_LENGTH = 253;
/** UTS #46 reads these as the dot that ends a name, too. */
const FINAL_DOT = /[.\u3002\uFF0E\uFF61]$/;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** One of two outcomes: the A-label form, or the reason why there is none. */
export type HostNameResult =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Returns a host name in the one form used everywhere: A-labels (RFC 5890), lower case, no final dot.
 *
 * U-labels are converted by the platform's UTS #46 processing. Refused: an address, a URL, a single label,
 * an underscore (not a host name, RFC 1123 §2.1), a wildcard, labels over 63 or names over 253 octets.
 */
export function parseHostName(text: string): HostNameResult {
  const trimmed = text.trim().replace(FINAL_DOT, "");
  if (trimmed === "") return fail("it is empty");
  if (/[:/?#@\\%\s[\]]/.test(trimmed)) return fail("it is not a bare host name");
  const ascii = toAscii(trimmed);
  if (ascii === undefined) return fail("it cannot be converted to A-labels");
  if (ascii.length > MAX_NAME_LENGTH) {
    return fail(`it has ${ascii.length} octets, ${MAX_NAME_LENGTH} is the limit`);
  }
  const labels = ascii.split(".");
  // URL parsers read a name whose last label is a number as an IPv4 address, short and hexadecimal forms included.
  if (/^(\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? "")) return fail("it is an address, not a name");
  if (labels.length < 2) return fail("it has a single label");
  const bad = labels.find((label) => !LABEL.test(label));
  if (bad !== undefined)
    return fail(bad === "" ? "it has an empty label" : `the label "${bad}" is not allowed`);
  return { ok: true, value: ascii };
}

/** True where `name` is `zone` or below it. Both in the form of {@link parseHostName}. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Returns the longest of `zones` that holds `name`, or undefined (RFC 9499, closest enclosing zone). */
export function closestZone<Z extends { readonly name: string }>(
  name: string,
  zones: readonly Z[],
): Z | undefined {
  let closest: Z | undefined;
  for (const zone of zones) {
    if (zone.name.length > (closest?.name.length ?? 0) && isWithin(name, zone.name)) closest = zone;
  }
  return closest;
}

function fail(reason: string): HostNameResult {
  return { ok: false, reason };
}

/**
 * Returns a name in A-labels, in lower case; undefined where it cannot be converted. URL is the only UTS #46 converter that
 * Node and workerd share: the caller refuses characters that a URL would give another meaning.
 */
export function toAscii(text: string): string | undefined {
  if (/^[a-z0-9.*_-]+$/i.test(text)) return text.toLowerCase();
  return URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`).hostname : undefined;
}
