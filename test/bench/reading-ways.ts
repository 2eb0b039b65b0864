import type { Cloudflare } from "cloudflare";
import pMap from "p-map";
import { requireZones, type Zone } from "../../src/adapters/cloudflare/cloudflare-api.ts";
import { observeCustomDomains, observeZone } from "../../src/adapters/cloudflare/observe-zone.ts";
import { workersDevHost } from "../../src/dns/worker-name.ts";
import { planZones } from "../../src/adapters/cloudflare/plan-zones.ts";
import type { ObservedZone } from "../../src/dns/observed-zone.ts";
import type { StackIdentity } from "../../src/dns/ownership.ts";
import type { ProgramPlan } from "../../src/dns/plan/plan-program.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";

export const IDENTITY: StackIdentity = { project: "mail", stack: "bench" };
export const WORKERS_DEV_HOST: string | undefined = workersDevHost(IDENTITY, "sandbox");

/** What every way of reading is given. */
export interface ReadingInput {
  readonly specs: readonly MailDomain[];
  readonly zones: readonly Zone[];
  /** Every name at which the program wants a record, with the id of its zone. */
  readonly wantedNames: readonly { readonly zoneId: string; readonly name: string }[];
}

/** A way to learn what stands in the zones of a program. */
export interface ReadingWay {
  readonly name: string;
  /** Returns how many different records were seen. */
  readonly read: (client: Cloudflare, input: ReadingInput) => Promise<number>;
}

/**
 * What runs at once beside each other: zones, or names. It is what this module does, and what Pulumi's engine does on
 * two cores.
 */
const AT_A_TIME = 8;

/** The first two are ours: routes, custom domains and quota too, without and with the plan; the others only read records. */
export const READING_WAYS: readonly ReadingWay[] = [
  {
    name: "this module, observe",
    read: async (client, input) => countRecords(await observeScenario(client, input)),
  },
  {
    name: "this module, observe and plan",
    read: async (client, input) => countRecords((await planScenario(client, input)).observed),
  },
  {
    name: "SDK iteration, default page",
    read: (client, { zones }) => sumOf(zones, ({ id }) => iterate(client, id)),
  },
  {
    name: "one name.exact request a name",
    read: (client, { wantedNames }) =>
      sumOf(wantedNames, async ({ zoneId, name }) => {
        const { result } = await client.dns.records.list({ zone_id: zoneId, name: { exact: name } });
        return result.length;
      }),
  },
  {
    name: "getDnsRecords, maxItems 1,000",
    read: (client, { zones }) => sumOf(zones, ({ id }) => invoke(client, id)),
  },
];

/** Reads the zones of the domains: the first half of `planZones`, with the same calls. */
export async function observeScenario(
  client: Cloudflare,
  { zones, wantedNames }: ReadingInput,
): Promise<readonly ObservedZone[]> {
  const accounts = [...new Set(zones.map(({ accountId }) => accountId))];
  const customDomains = (await Promise.all(accounts.map((id) => observeCustomDomains(client, id)))).flat();
  const expected = Map.groupBy(wantedNames, ({ zoneId }) => zoneId);
  return pMap(
    zones,
    (zone) =>
      observeZone(client, zone, { customDomains, expectedRecords: expected.get(zone.id)?.length ?? 0 }),
    { concurrency: AT_A_TIME },
  );
}

/** Plans the domains as a program does. */
export async function planScenario(
  client: Cloudflare,
  { specs, zones }: ReadingInput,
): Promise<{ readonly plan: ProgramPlan; readonly observed: readonly ObservedZone[] }> {
  const byDomain = requireZones(
    specs.map(({ domain }) => domain),
    zones,
  );
  return planZones(client, {
    specs,
    zones,
    zoneOf: (domain) => byDomain.get(domain) as Zone,
    identity: IDENTITY,
    workersDevHost: WORKERS_DEV_HOST,
    deployed: new Map(),
    // Every alias of the scenarios ends in a zone that was read: a question to this port would be a defect.
    caIssuer: undefined,
    resolver: "127.0.0.1:9",
  });
}

/** What a program that knows no better writes: a hundred records a page, up to an empty page. */
async function iterate(client: Cloudflare, zoneId: string): Promise<number> {
  let records = 0;
  for await (const _ of client.dns.records.list({ zone_id: zoneId })) records += 1;
  return records;
}

/**
 * The requests of the Pulumi provider's `getDnsRecords`, which sends no page size and ends at an empty page or, without
 * a word, at `maxItems`; its default is 1,000 (internal/services/dns_record/list_data_source.go of
 * cloudflare/terraform-provider-cloudflare, verified 2026-11-23).
 */
async function invoke(client: Cloudflare, zoneId: string): Promise<number> {
  const maxItems = 1_000;
  let records = 0;
  for (let page = 1; ; page += 1) {
    const { result } = await client.dns.records.list({
      zone_id: zoneId,
      ...(page === 1 ? {} : { page }),
    });
    records += result.length;
    if (result.length === 0 || records >= maxItems) return Math.min(records, maxItems);
  }
}

function countRecords(zones: readonly ObservedZone[]): number {
  return zones.reduce((sum, { records }) => sum + records.length, 0);
}

async function sumOf<T>(items: readonly T[], read: (item: T) => Promise<number>): Promise<number> {
  const counts = await pMap(items, read, { concurrency: AT_A_TIME });
  return counts.reduce((sum, count) => sum + count, 0);
}
