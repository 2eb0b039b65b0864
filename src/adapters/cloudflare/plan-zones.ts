import type { Cloudflare } from "cloudflare";
import pMap from "p-map";
import { observeAliasTargets } from "./alias-targets.ts";
import { requireEditable, type Zone } from "./cloudflare-api.ts";
import { observeCustomDomains, observeZone } from "./observe-zone.ts";
import { deriveWishes } from "../../certificates/renewal/derive-wishes.ts";
import type { DeployedRecords } from "../../dns/comparison/compare-records.ts";
import type { ObservedZone } from "../../dns/observed-zone.ts";
import type { StackIdentity } from "../../dns/ownership.ts";
import { planProgram, type ProgramInput, type ProgramPlan } from "../../dns/plan/plan-program.ts";
import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { workerName } from "../../dns/worker-name.ts";

/**
 * Zones read at a time, two requests each. Cloudflare allows 200 requests a second from an address, beside 1,200 in 5
 * minutes for all tokens of a user (developers.cloudflare.com/fundamentals/api/reference/limits, verified 2026-11-23):
 * eight requests in flight stay below that at 40 ms each, and read 200 zones of 50 records in seconds.
 */
const ZONES_AT_A_TIME = 4;

export interface PlanZonesInput {
  readonly specs: readonly MailDomain[];
  /** Every zone that the token can see. */
  readonly zones: readonly Zone[];
  readonly zoneOf: (domain: string) => Zone;
  readonly identity: StackIdentity;
  readonly workersDevHost: string | undefined;
  /** The CA's issuer domain name in CAA records. */
  readonly caIssuer: string | undefined;
  /** What the stack's state holds; undefined where it is not known. */
  readonly deployed: DeployedRecords | undefined;
  /** See `ProgramInput`. */
  readonly publishedDigests?: ReadonlyMap<string, string> | undefined;
  /** `ip:port` of the resolver; undefined means the system's. */
  readonly resolver: string | undefined;
}

/**
 * Reads each zone that holds a record of the program once, however many domains live in it, and plans all of them.
 *
 * @throws MailAutodiscoverError `cloudflare-token-refused`, `cloudflare-rate-limited`, `cloudflare-unavailable`
 */
export async function planZones(
  client: Cloudflare,
  input: PlanZonesInput,
): Promise<{ readonly plan: ProgramPlan; readonly observed: readonly ObservedZone[] }> {
  const { specs, zones, identity } = input;
  const visibleZones = zones.map(({ name }) => name);
  const domains = deriveWishes(specs, {
    zoneOf: (domain) => input.zoneOf(domain).name,
    visibleZones,
    workersDevHost: input.workersDevHost,
    caIssuer: input.caIssuer,
  });
  const observed = await observeWanted(client, { ...input, domains });
  const targets = await observeAliasTargets(
    observed,
    specs.map(({ domain }) => domain),
    { resolver: input.resolver },
  );
  const plan = planProgram({
    domains,
    zones: observed,
    visibleZones,
    identity,
    scriptName: workerName(identity),
    deployed: input.deployed,
    publishedDigests: input.publishedDigests,
    targets,
  });
  return { plan, observed };
}

export interface ObserveWantedInput extends Pick<PlanZonesInput, "zones"> {
  readonly domains: ProgramInput["domains"];
  /** True where nothing is to be changed: a token that can only read is enough then. Default false. */
  readonly isReadOnly?: boolean | undefined;
}

/**
 * Reads each zone that holds one of the wanted records, once.
 *
 * @throws MailAutodiscoverError `cloudflare-token-refused`, `cloudflare-rate-limited`, `cloudflare-unavailable`
 */
export async function observeWanted(
  client: Cloudflare,
  { domains, zones, isReadOnly }: ObserveWantedInput,
): Promise<readonly ObservedZone[]> {
  const holding = new Map<string, { readonly zone: Zone; records: number }>();
  for (const { name } of domains.flatMap(({ wanted }) => wanted)) {
    const zone = closestZone(name, zones);
    if (zone === undefined) continue;
    const known = holding.get(zone.id) ?? { zone, records: 0 };
    holding.set(zone.id, { zone, records: known.records + 1 });
  }
  const needed = [...holding.values()];
  if (isReadOnly !== true) requireEditable(needed.map(({ zone }) => zone));
  const accounts = [...new Set(needed.map(({ zone }) => zone.accountId))];
  const customDomains = (
    await Promise.all(accounts.map((accountId) => observeCustomDomains(client, accountId)))
  ).flat();
  return pMap(
    needed,
    ({ zone, records }) => observeZone(client, zone, { customDomains, expectedRecords: records }),
    { concurrency: ZONES_AT_A_TIME },
  );
}
