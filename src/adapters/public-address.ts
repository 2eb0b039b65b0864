import ipaddr from "ipaddr.js";

/**
 * True for an address of the public Internet: neither private, loopback, link-local nor otherwise special (IANA's
 * special-purpose registries, as ipaddr.js has them), also inside an IPv6 address that only carries an IPv4 one.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6) {
    if (parsed.isIPv4MappedAddress()) return isPublicAddress(parsed.toIPv4Address().toString());
    // NAT64 (RFC 6052): the last 32 bits are where the connection ends.
    if (parsed.range() === "rfc6052") {
      return isPublicAddress(new ipaddr.IPv4(parsed.toByteArray().slice(-4)).toString());
    }
  }
  return parsed.range() === "unicast";
}
