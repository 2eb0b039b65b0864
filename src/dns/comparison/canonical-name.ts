import { toAscii } from "../../spec/host-name.ts";

/**
 * Returns a domain name in the one form that names are compared in: A-labels, lower case, no final dot. Underscores and
 * `*` stay; a label that cannot be converted stays as it is. The root is `.`.
 */
export function canonicalName(text: string): string {
  const trimmed = text.trim();
  if (trimmed === ".") return ".";
  return trimmed.replace(/\.$/, "").split(".").map(canonicalLabel).join(".");
}

function canonicalLabel(label: string): string {
  if (/^[\u0021-\u007E]*$/.test(label)) return label.toLowerCase();
  return toAscii(`${label}.test`)?.slice(0, -".test".length) ?? label.toLowerCase();
}
