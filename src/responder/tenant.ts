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

/** Returns the mail domain that a request's host stands for: without its discovery label, else the host itself. */
export function domainOfHost(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, "");
  const label = DISCOVERY_LABELS.find((prefix) => name.startsWith(`${prefix}.`));
  return label === undefined ? name : name.slice(label.length + 1);
}

/** Returns the domain of an address in A-labels, or undefined where the text is not an address. */
export function domainOfAddress(address: string): string | undefined {
  const at = address.lastIndexOf("@");
  if (at < 1 || /[\s<>]/.test(address)) return undefined;
  const parsed = parseHostName(address.slice(at + 1));
  return parsed.ok ? parsed.value : undefined;
}
