import { observedRdata, wantedRdata } from "../../dns/comparison/rdata.ts";
import type { ObservedCustomDomain, ObservedRoute, ObservedZone } from "../../dns/observed-zone.ts";
import { ownerOf, ownershipHash, parseOwnership } from "../../dns/ownership.ts";
import { derivePublicationHosts, type PublicationHost } from "../../dns/publication-hosts.ts";
import type { AfterRecord } from "../../dns/rules/zone-after.ts";
import { zonesAfter, type ZoneAfter } from "../../dns/rules/zones-after.ts";
import type { WantedRecord } from "../../dns/wanted-record.ts";
import type { ZoneNames } from "../../dns/wildcard/zone-names.ts";
import type { ZoneRecord } from "../../dns/wildcard/zone-record.ts";
import { workerName } from "../../dns/worker-name.ts";
import { deriveClientSettings, type ClientSettings } from "../../documents/client-settings.ts";
import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { PlannedProgram } from "./planned-program.ts";

/** A zone in one of its states, ready to be asked. */
export interface StateZone {
  readonly name: string;
  readonly names: ZoneNames;
  readonly routes: readonly Pick<ObservedRoute, "pattern" | "script">[];
  readonly customDomains: readonly ObservedCustomDomain[];
  /** Returns the RDATA of one of the zone's records as a world tells it. */
  readonly rdataOf: (record: ZoneRecord) => string;
}

/** What a world is made of, before or after the change. */
export interface WorldState {
  readonly zones: readonly StateZone[];
  readonly visibleZones: readonly string[];
  /** Names under which the program's own Worker is bound. */
  readonly scripts: ReadonlySet<string>;
  /** The Worker's own host; undefined where there is none, or nothing is deployed. */
  readonly workersDevHost: string | undefined;
  /** What the responder answers with, by domain; undefined where nobody knows what is published. */
  readonly settings: ReadonlyMap<string, ClientSettings> | undefined;
  /** Domains whose own origin serves the documents of their files; what one serves today no zone tells. */
  readonly origins: readonly MailDomain[];
  /** Domains whose deployment this state has: their mail hosts present the planned certificate. */
  readonly deployed: readonly MailDomain[];
  /** All domains of the program, for what the domain files say of servers. */
  readonly domains: readonly MailDomain[];
}

/** Returns the zones and the publication as they are. Of ours is what bears this stack's comment. */
export function stateBefore(program: PlannedProgram): WorldState {
  const { domains, zones, identity, publishedSettings } = program;
  const deployed = domains.filter((domain) => isDeployed(program, domain));
  const hosts = new Set(deployed.flatMap((domain) => hostsOf(program, domain).map(({ host }) => host)));
  const bound = zones.flatMap(({ routes }) =>
    routes.flatMap(({ pattern, script }) => (hosts.has(pattern.replace(/\/\*$/, "")) ? (script ?? []) : [])),
  );
  const input = { zones, visibleZones: program.visibleZones, planned: [], hosts: [], scriptName: "" };
  return {
    zones: zonesAfter(input).map((zone) => stateZone(zone, zone.zone.routes, zone.zone.customDomains)),
    visibleZones: program.visibleZones,
    scripts: new Set([workerName(identity), ...bound]),
    workersDevHost: deployed.length > 0 ? program.workersDevHost : undefined,
    settings: publishedSettings,
    origins: [],
    deployed,
    domains,
  };
}

/** Returns the zones and the publication as the plan makes them. */
export function stateAfter(program: PlannedProgram): WorldState {
  const { domains, zones, visibleZones, plan, identity } = program;
  const scriptName = workerName(identity);
  const hosts = domains.flatMap((domain) => hostsOf(program, domain));
  const planned = [...plan.domains.values()].flatMap((one) => one.planned);
  return {
    zones: zonesAfter({ zones, visibleZones, planned, hosts, scriptName }).map((zone) => {
      const here = hosts.filter((host) => host.zone === zone.zone.name);
      const routes = here.filter(({ form }) => form === "route");
      const customDomains = here.filter(({ form }) => form === "customDomain");
      return stateZone(
        zone,
        [
          ...zone.zone.routes.filter(({ script }) => script !== scriptName),
          ...routes.map(({ host }) => ({ pattern: `${host}/*`, script: scriptName })),
        ],
        [
          ...zone.zone.customDomains.filter(({ service }) => service !== scriptName),
          ...customDomains.map(({ host }) => ({ hostname: host, service: scriptName })),
        ],
      );
    }),
    visibleZones,
    scripts: new Set([scriptName]),
    workersDevHost: program.workersDevHost,
    settings: new Map(domains.map((domain) => [domain.domain, deriveClientSettings(domain)])),
    origins: domains.filter(({ publish }) => publish.kind === "origin"),
    deployed: domains,
    domains,
  };
}

function hostsOf(
  { zones }: PlannedProgram,
  domain: MailDomain,
): readonly (PublicationHost & { readonly zone: string })[] {
  const zone = closestZone(domain.domain, zones)?.name;
  return zone === undefined ? [] : derivePublicationHosts(domain, zone).map((host) => ({ ...host, zone }));
}

/** True where a record of the domain stands in its zones with this stack's comment. */
function isDeployed({ zones, plan, identity }: PlannedProgram, { domain }: MailDomain): boolean {
  const planned = plan.domains.get(domain)?.planned ?? [];
  const hashes = new Set(
    planned.flatMap(({ record }) => [record.logicalName, ...record.formerLogicalNames]).map(ownershipHash),
  );
  const owner = ownerOf(identity);
  return zones.some(({ records }) =>
    records.some(({ comment }) => {
      const ownership = parseOwnership(comment);
      return ownership?.owner === owner && hashes.has(ownership.hash);
    }),
  );
}

function stateZone(
  { zone, names }: ZoneAfter,
  routes: StateZone["routes"],
  customDomains: StateZone["customDomains"],
): StateZone {
  const observed = observedById(zone);
  return {
    name: zone.name,
    names,
    routes,
    customDomains,
    rdataOf: (record) => {
      // The index was built from these very records.
      const { planned, id } = record as AfterRecord;
      if (planned !== undefined) return plannedRdata(planned.record);
      const theirs = id === undefined ? undefined : observed().get(id);
      return theirs === undefined ? record.content : observedRdata(theirs);
    },
  };
}

/** Most questions never come to a record of somebody else. */
function observedById(zone: ObservedZone): () => ReadonlyMap<string, ObservedZone["records"][number]> {
  let known: ReadonlyMap<string, ObservedZone["records"][number]> | undefined;
  return () => (known ??= new Map(zone.records.map((record) => [record.id, record])));
}

/** Which account a CAA record binds is known to the account's resource alone. */
function plannedRdata(record: WantedRecord): string {
  const rdata = wantedRdata(record);
  if (rdata !== undefined) return rdata;
  return record.type === "CAA" ? `${record.flags} ${record.tag} ${record.value}; accounturi=...` : "";
}
