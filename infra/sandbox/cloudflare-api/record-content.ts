import { isIPv4, isIPv6 } from "node:net";
import { recordFault } from "./api-refusal.ts";
import { normaliseHost } from "./record-name.ts";
import { txtWireBytes } from "./txt-strings.ts";

/** On the wire, all strings with their length octets (cloudflare-docs#29286, 2026-03-24; before it, 2,048 characters). */
const MAXIMUM_RECORD_BYTES = 4_096;

/** The types whose content is one text. */
export const CONTENT_TYPES: readonly string[] = [
  "A",
  "AAAA",
  "CNAME",
  "MX",
  "NS",
  "PTR",
  "TXT",
  "OPENPGPKEY",
];
/** Only these can stand behind Cloudflare's proxy (code 9041). */
export const PROXIABLE_TYPES: readonly string[] = ["A", "AAAA", "CNAME"];

/**
 * Returns the content as the service stores it.
 *
 * @throws ApiRefusal 1004 with 9005 (A), 9006 (AAAA; seen in wherelse/cloudflare-ddns-script#15), 9007 (CNAME), 9009 (MX and
 * other hosts; from memory) or 9001 (empty).
 */
export function normaliseContent(type: string, owner: string, content: unknown): string {
  if (typeof content !== "string" || content === "") {
    throw recordFault(9001, `Content for ${type} record is required.`);
  }
  switch (type) {
    case "A":
      if (!isIPv4(content)) throw recordFault(9005, "Content for A record must be a valid IPv4 address.");
      return content;
    case "AAAA":
      if (!isIPv6(content) || content.includes("%")) {
        throw recordFault(9006, "Content for AAAA record must be a valid IPv6 address.");
      }
      return canonicalIpv6(content);
    case "CNAME": {
      const host = normaliseHost(content);
      if (host === undefined || isIPv4(host) || host.startsWith("*.")) {
        throw recordFault(9007, "Content for CNAME record is invalid.");
      }
      if (host === owner) throw recordFault(9039, "CNAME content cannot reference itself.");
      return host;
    }
    case "MX":
    case "NS":
    case "PTR": {
      // "." as exchange says that the domain takes no mail (RFC 7505).
      if (type === "MX" && content === ".") return content;
      const host = normaliseHost(content);
      if (host === undefined || isIPv4(host))
        throw recordFault(9009, `Content for ${type} record is invalid.`);
      return host;
    }
    case "TXT":
      if (txtWireBytes(content) > MAXIMUM_RECORD_BYTES) {
        throw recordFault(9207, "Content for TXT record is too long.");
      }
      return content;
    default:
      return content;
  }
}

/** RFC 5952 form, which the WHATWG URL parser produces too, save for IPv4-mapped addresses (RFC 5952 §5). */
export function canonicalIpv6(address: string): string {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return canonical;
  const [high, low] = [parseInt(mapped[1] ?? "0", 16), parseInt(mapped[2] ?? "0", 16)];
  return `::ffff:${[high >> 8, high & 255, low >> 8, low & 255].join(".")}`;
}
