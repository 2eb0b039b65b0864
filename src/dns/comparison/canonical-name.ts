/**
 * Returns a domain name in the one form that names are compared in: A-labels, lower case, no final dot. Underscores and
 * `*` stay; a label that cannot be converted stays as it is. The root is `.`.
 */
export function canonicalName(text: string): string {
  const trimmed = text.trim();
  if (trimmed === ".") return ".";
  return trimmed.replace(/\.$/, "").split(".").map(canonicalLabel).join(".");
}

// URL is the only UTS #46 converter that Node and workerd share; it refuses no label that holds letters only.
function canonicalLabel(label: string): string {
  if (/^[\u0021-\u007E]*$/.test(label)) return label.toLowerCase();
  const url = `http://${label}.test/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(0, -".test".length) : label.toLowerCase();
}
