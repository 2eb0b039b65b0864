import { poxRequest } from "../responder/memory-responder.ts";

/** The two requests that are measured. */
export const KINDS = ["GET", "POST"] as const;
export type Kind = (typeof KINDS)[number];

/** Returns the octets of a request for a domain: autoconfig by GET, POX by POST. */
export function requestBytes(kind: Kind, domain: string): Buffer {
  const label = kind === "GET" ? "autoconfig" : "autodiscover";
  const head = [
    kind === "GET" // Without the address, automx2 answers 400.
      ? `GET /mail/config-v1.1.xml?emailaddress=alice%40${domain} HTTP/1.1`
      : "POST /autodiscover/autodiscover.xml HTTP/1.1",
    `Host: ${label}.${domain}`,
    // For workerd, which takes the scheme of its URLs from here.
    "X-Forwarded-Proto: https",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0",
  ];
  if (kind === "GET") return Buffer.from(`${head.join("\r\n")}\r\n\r\n`);
  const body = poxRequest(`alice@${domain}`);
  head.push("Content-Type: text/xml; charset=utf-8", `Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
