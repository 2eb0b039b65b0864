import { sha1 } from "./sha1.ts";

/** The namespace of URLs (RFC 9562 §6.6). */
const URL_NAMESPACE = Uint8Array.from("6ba7b8119dad11d180b400c04fd430c8".match(/../g) ?? [], (pair) =>
  Number.parseInt(pair, 16),
);

/** Returns the name-based UUID of a URL (RFC 9562 §5.5), in upper case as Apple's tools write it. */
export function uuidV5(url: string): string {
  const octets = sha1(Uint8Array.of(...URL_NAMESPACE, ...new TextEncoder().encode(url))).slice(0, 16);
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x50;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5").toUpperCase();
}
