import { getDomain } from "tldts";

/**
 * Returns the registrable domain of a host by the public suffix list, its private part included, as Mozilla's eTLD service
 * and K-9 do (publicsuffix.org). Undefined for an address, and for a suffix itself.
 */
export function baseDomain(host: string): string | undefined {
  return getDomain(host, { allowPrivateDomains: true, validateHostname: false }) ?? undefined;
}

/**
 * Returns the domains at which Mozilla's clients look for the settings of whoever receives the mail of `domain`: the MX
 * host without its first label, then its registrable domain. None where that is the mail domain itself.
 */
export function mxDomains(mxHost: string, domain: string): readonly string[] {
  const base = baseDomain(mxHost);
  if (base === undefined || base === domain) return [];
  const parent = mxHost.slice(mxHost.indexOf(".") + 1);
  return mxHost === base || parent === base ? [base] : [parent, base];
}
