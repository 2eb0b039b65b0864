import { parseHostName, type HostNameResult } from "./host-name.ts";

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** Longest name in DNS, in octets without the final dot (RFC 1035 §2.3.4). */
const MAX_NAME_LENGTH = 253;

/**
 * Returns the name of a record: like a host name in A-labels, lower case, no final dot, but a label may hold underscores
 * (RFC 8552), the first one may be `*` (RFC 4592), and one label is enough.
 */
export function parseDnsName(text: string): HostNameResult {
  const labels = text.trim().replace(/\.$/, "").split(".").map(toALabel);
  const value = labels.join(".");
  const bad = labels.find((label, index) => !LABEL.test(label) && !(index === 0 && label === "*"));
  if (bad !== undefined) {
    return { ok: false, reason: bad === "" ? "it has an empty label" : `the label "${bad}" is not allowed` };
  }
  if (value.length > MAX_NAME_LENGTH) {
    return { ok: false, reason: `it has ${value.length} octets, ${MAX_NAME_LENGTH} is the limit` };
  }
  return { ok: true, value };
}

function toALabel(label: string): string {
  if (/^[\u0021-\u007E]*$/.test(label)) return label.toLowerCase();
  const converted = parseHostName(`${label}.test`);
  return converted.ok ? converted.value.slice(0, -".test".length) : label;
}
