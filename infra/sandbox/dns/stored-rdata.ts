import type { StoredRecord } from "../cloudflare-api/stored-state.ts";
import { parseTxtStrings } from "../cloudflare-api/txt-strings.ts";
import type { Rdata, ResourceRecord } from "./resource-record.ts";
import { encodeSvcb } from "./svcb-wire.ts";

/** What Cloudflare's "automatic" (1) means, in seconds. */
const AUTOMATIC_TTL_SECONDS = 300;

/**
 * Returns the resource record of a stored one; undefined for the types that the sandbox stores but does not serve (DNSKEY,
 * CERT, NAPTR, OPENPGPKEY) and for RDATA that cannot be encoded.
 */
export function toResourceRecord(record: StoredRecord): ResourceRecord | undefined {
  const data = readRdata(record);
  if (data === undefined) return undefined;
  return { owner: record.name, type: record.type, ttl: answeredTtl(record.ttl), data };
}

export function answeredTtl(ttl: number): number {
  return ttl === 1 ? AUTOMATIC_TTL_SECONDS : ttl;
}

function readRdata(record: StoredRecord): Rdata | undefined {
  const { content, data = {}, priority = 0 } = record;
  const number = (key: string): number => Number(data[key]);
  const text = (key: string): string => String(data[key]);
  switch (record.type) {
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
    case "PTR":
      return content;
    case "TXT":
      return parseTxtStrings(content);
    case "MX":
      return { preference: priority, exchange: content };
    case "SRV":
      return {
        priority: number("priority"),
        weight: number("weight"),
        port: number("port"),
        target: text("target"),
      };
    case "CAA":
      return { flags: number("flags"), tag: text("tag"), value: text("value") };
    case "TLSA":
      return {
        usage: number("usage"),
        selector: number("selector"),
        matchingType: number("matching_type"),
        certificate: Buffer.from(text("certificate"), "hex"),
      };
    case "SMIMEA":
      return Buffer.concat([
        Buffer.from([number("usage"), number("selector"), number("matching_type")]),
        Buffer.from(text("certificate"), "hex"),
      ]);
    case "SSHFP":
      return { algorithm: number("algorithm"), hash: number("type"), fingerprint: text("fingerprint") };
    case "DS":
      return {
        keyTag: number("key_tag"),
        algorithm: number("algorithm"),
        digestType: number("digest_type"),
        digest: Buffer.from(text("digest"), "hex"),
      };
    case "URI":
      return Buffer.concat([
        Buffer.from([priority >> 8, priority & 255, number("weight") >> 8, number("weight") & 255]),
        Buffer.from(text("target")),
      ]);
    case "HTTPS":
    case "SVCB":
      try {
        return encodeSvcb(number("priority"), text("target"), text("value"));
      } catch {
        return undefined;
      }
    default:
      return undefined;
  }
}
