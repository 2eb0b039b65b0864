/** What the edge knows of a host name: its zone, its proxied record, its Worker. */
import { closestZone } from "../../../src/spec/host-name.ts";
import { findProxiedRecord } from "./address-records.ts";
import { leadsToOtherAccount } from "./cross-account.ts";
import type { EdgeRecord, EdgeWorld, EdgeZone } from "./edge-world.ts";

export interface EdgeHost {
  /** Absent for `workers.dev` names. */
  readonly zone?: EdgeZone;
  /** The proxied A, AAAA or CNAME record that brings the request here. */
  readonly record?: EdgeRecord;
  /** The Worker of a custom domain or of a `workers.dev` name. */
  readonly script?: string;
  /** True where an alias leads to a proxied name of another account. Default false. */
  readonly isCrossAccount?: boolean;
  /** The names on the certificate that the edge presents for this host; absent where it has none. */
  readonly certificateNames?: readonly string[];
}

/** Returns what the edge serves under `host` (lower case, no port); undefined for a name that is not here. */
export function findHost(world: EdgeWorld, host: string): EdgeHost | undefined {
  const development = findWorkersDev(world, host);
  if (development !== undefined) return development;
  const zone = closestZone(host, world.zones());
  if (zone === undefined) return undefined;
  const domain = world.customDomains().find((candidate) => candidate.hostname.toLowerCase() === host);
  const record = findProxiedRecord(world.records(zone.id), host);
  const isCrossAccount = leadsToOtherAccount(world, zone, host);
  if (domain === undefined && record === undefined && !isCrossAccount) return undefined;
  const certificateNames = domain === undefined ? universalNames(zone, host) : [host];
  return {
    zone,
    ...(record === undefined ? {} : { record }),
    ...(domain === undefined ? {} : { script: domain.service }),
    ...(isCrossAccount ? { isCrossAccount } : {}),
    ...(certificateNames === undefined ? {} : { certificateNames }),
  };
}

/** Universal SSL covers the apex and one level (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations). */
function universalNames(zone: EdgeZone, host: string): readonly string[] | undefined {
  const below = host === zone.name ? "" : host.slice(0, -zone.name.length - 1);
  return below.includes(".") ? undefined : [zone.name, `*.${zone.name}`];
}

function findWorkersDev(world: EdgeWorld, host: string): EdgeHost | undefined {
  if (world.workersSubdomain === null) return undefined;
  const suffix = `${world.workersSubdomain.toLowerCase()}.workers.dev`;
  if (!host.endsWith(`.${suffix}`)) return undefined;
  const name = host.slice(0, -suffix.length - 1);
  if (name.includes(".")) return undefined;
  // The certificate is a wildcard: a name without an enabled script completes the handshake too, and gets a 404.
  const certificateNames = [`*.${suffix}`];
  return world.scripts().get(name)?.workersDevEnabled === true
    ? { script: name, certificateNames }
    : { certificateNames };
}
