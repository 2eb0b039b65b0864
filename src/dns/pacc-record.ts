import { logicalName, type TxtRecord } from "./wanted-record.ts";

/** Octets, 8 hexadecimal digits: enough for the few digests of one domain. Part of a logical name, which never changes. */
const KEY_OCTETS = 4;

/**
 * Returns the record that vouches for the bytes of a PACC document, from its text; undefined where the text has no digest.
 * The digest is the stable key, so that two of them stand beside each other while one document follows the other.
 */
export function paccRecord(domain: string, text: string): TxtRecord | undefined {
  const digest = /^v=UAAC1;\s*a=sha256;\s*d=([A-Za-z0-9+/]{43}=)$/.exec(text)?.[1];
  if (digest === undefined) return undefined;
  const name = paccName(domain);
  const octets = Array.from(atob(digest), (octet) => octet.charCodeAt(0)).slice(0, KEY_OCTETS);
  const key = octets.map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return {
    type: "TXT",
    name,
    logicalName: logicalName(domain, "TXT", name, key),
    formerLogicalNames: [],
    purpose: "pacc",
    text,
  };
}

/** Returns the owner name at which readers of PACC look for digests (draft-ietf-mailmaint-pacc). */
export function paccName(domain: string): string {
  return `_ua-auto-config.${domain}`;
}
