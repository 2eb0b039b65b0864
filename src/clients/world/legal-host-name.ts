/**
 * True for a host name as Mozilla's `isLegalHostName` takes it, and K-9's copy of it: labels of letters, digits and inner
 * hyphens, an IPv4 address among them; a single label does.
 */
export function isLegalHostName(name: string): boolean {
  return /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i.test(name);
}
