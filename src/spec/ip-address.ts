const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** `A` or `AAAA`: the record type that an address needs. */
export function addressType(address: string): "A" | "AAAA" {
  return address.includes(":") ? "AAAA" : "A";
}

/** Returns an IPv4 address as given or an IPv6 address in its RFC 5952 form; undefined where it is neither. */
export function parseIpAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (IPV4.test(trimmed) && !/(^|\.)0\d/.test(trimmed)) return trimmed;
  if (!/^[0-9a-f:.]+$/i.test(trimmed) || !trimmed.includes(":")) return undefined;
  const url = `http://[${trimmed}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}
