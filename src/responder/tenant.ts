import { DISCOVERY_LABELS } from "../spec/discovery-labels.ts";
import type { ClientSettings } from "../documents/client-settings.ts";
import { parseHostName } from "../spec/host-name.ts";

/**
 * Where the settings of a domain are kept. The domain is what a request names, in lower case: any text, so a store that
 * is particular about its keys has to look first. Undefined means unknown here.
 */
export interface TenantStore {
  (domain: string): Promise<ClientSettings | undefined>;
  /** The domain's signed configuration profile (CMS, DER); undefined where it has none. */
  readonly profile?: (domain: string) => Promise<Uint8Array | undefined>;
}

const LABELS: ReadonlySet<string> = new Set(DISCOVERY_LABELS);

/** Returns the mail domain that a request's host stands for: without its discovery label, else the host itself. */
export function domainOfHost(host: string): string {
  const dot = host.indexOf(".");
  return dot !== -1 && LABELS.has(host.slice(0, dot)) ? host.slice(dot + 1) : host;
}

/** Returns the domain of an address in A-labels, or undefined where the text is not an address. */
export function domainOfAddress(address: string): string | undefined {
  if (!isAddress(address)) return undefined;
  const parsed = parseHostName(address.slice(address.lastIndexOf("@") + 1));
  return parsed.ok ? parsed.value : undefined;
}

/** True for an address of a domain in A-labels. Nearly all spell it in this very form, and then no name is parsed. */
export function isAddressAt(address: string, domain: string): boolean {
  return isAddress(address) && (address.endsWith(`@${domain}`) || domainOfAddress(address) === domain);
}

function isAddress(text: string): boolean {
  return text.lastIndexOf("@") > 0 && !/[\s<>]/.test(text);
}
