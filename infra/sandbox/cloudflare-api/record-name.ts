import { isWithin } from "../../../src/spec/host-name.ts";
import { domainToASCII } from "node:url";
import { recordFault } from "./api-refusal.ts";

/** RFC 1035 §2.3.4, as text: 255 octets on the wire are 253 characters. */
const MAXIMUM_NAME_LENGTH = 253;
/** Underscores and inner hyphens as services use them; the asterisk only as a whole first label. */
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/**
 * Returns a host name in the form the API stores: A-labels, lower case, no trailing dot; undefined where it is none.
 * That names are lower-cased is from memory.
 */
export function normaliseHost(text: string): string | undefined {
  const trimmed = text.endsWith(".") ? text.slice(0, -1) : text;
  // oxlint-disable-next-line no-control-regex -- the point is to find what is not ASCII
  const ascii = /^[\u0000-\u007f]*$/.test(trimmed) ? trimmed.toLowerCase() : domainToASCII(trimmed);
  if (ascii === "" || ascii.length > MAXIMUM_NAME_LENGTH) return undefined;
  const labels = ascii.split(".");
  const plain = labels[0] === "*" ? labels.slice(1) : labels;
  return plain.length > 0 && plain.every((label) => LABEL.test(label)) ? ascii : undefined;
}

/**
 * Returns the FQDN of a record: `@` is the apex, a name that does not end in the zone is relative to it.
 * A name with a trailing dot, or one inside another zone of the account, is meant as absolute and refused.
 *
 * @throws ApiRefusal 1004/9000 for a name that no record of the zone can have.
 */
export function normaliseRecordName(name: string, zoneName: string, otherZones: readonly string[]): string {
  if (name === "@") return zoneName;
  // A lone asterisk is no host name, but a record name it is.
  const host = name === "*" ? name : normaliseHost(name);
  if (host === undefined) throw recordFault(9000, "DNS name is invalid.");
  if (isWithin(host, zoneName)) return host;
  if (name.endsWith(".") || otherZones.some((other) => isWithin(host, other))) {
    throw recordFault(9000, `DNS name is invalid: ${host} is not in zone ${zoneName}.`);
  }
  const absolute = normaliseHost(`${host}.${zoneName}`);
  if (absolute === undefined) throw recordFault(9000, "DNS name is invalid.");
  return absolute;
}
