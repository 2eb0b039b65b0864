import type { ClientSettings } from "../documents/client-settings.ts";
import type { ResponderRequest } from "./exchange.ts";
import { domainOfAddress, domainOfHost, isAddressAt, type TenantStore } from "./tenant.ts";

/** Longest name in DNS (RFC 1035 §2.3.4): a longer key can be nobody's, and nothing remembers it. */
const MAX_NAME_LENGTH = 253;
/** Query parameters in which clients name the address: autoconfig's, and Autodiscover V2's. Compared without case. */
const ADDRESS_PARAMETERS = new Set(["emailaddress", "email"]);

/** Returns the settings of a domain as a request spells it. */
export function findDomain(domain: string, tenants: TenantStore): Promise<ClientSettings | undefined> {
  return domain === "" || domain.length > MAX_NAME_LENGTH ? Promise.resolve(undefined) : tenants(domain);
}

/** Returns the settings of the domain that the request's host stands for. */
export function findHost(
  request: ResponderRequest,
  tenants: TenantStore,
): Promise<ClientSettings | undefined> {
  return findDomain(domainOfHost(request.host), tenants);
}

/**
 * Returns the settings for an address. A host of one tenant never answers for another; a host of none (an SRV target, or
 * a provider's name that Thunderbird derives from the MX) answers by the address.
 */
export async function findAddress(
  address: string | undefined,
  byHost: ClientSettings | undefined,
  tenants: TenantStore,
): Promise<ClientSettings | undefined> {
  if (address === undefined) return undefined;
  if (byHost !== undefined) return isAddressAt(address, byHost.domain) ? byHost : undefined;
  const domain = domainOfAddress(address);
  return domain === undefined ? undefined : findDomain(domain, tenants);
}

/** Returns the settings for a request without a body: of its host, else of the address that it names. */
export async function findTenant(
  request: ResponderRequest,
  tenants: TenantStore,
): Promise<ClientSettings | undefined> {
  const byHost = await findHost(request, tenants);
  return byHost ?? (await findAddress(addressIn(request), undefined, tenants));
}

/** Returns the address in the request's query or, as Autodiscover V2 has it, in its path; undefined where there is none. */
function addressIn({ path, search }: ResponderRequest): string | undefined {
  if (search !== "") {
    for (const [name, value] of new URLSearchParams(search)) {
      if (ADDRESS_PARAMETERS.has(name.toLowerCase())) return value;
    }
  }
  const segment = path.split("/").findLast((part) => /@|%40/i.test(part));
  return segment === undefined ? undefined : decode(segment);
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
