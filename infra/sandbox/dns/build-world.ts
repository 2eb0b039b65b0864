import { createHash } from "node:crypto";
import type { ZoneSummary } from "../cloudflare-api/cloudflare-store.ts";
import type { StoredRecord } from "../cloudflare-api/stored-state.ts";
import { NAME_SERVERS } from "../cloudflare-api/zone-body.ts";
import { findNode } from "./answer-question.ts";
import { aliasTarget, type ResourceRecord } from "./resource-record.ts";
import { toResourceRecord } from "./stored-rdata.ts";
import { closestZone } from "../../../src/spec/host-name.ts";
import { buildZoneView, type ZoneView } from "./zone-view.ts";

/** What the DNS reads of the account; `CloudflareStore` is one. */
export interface RecordSource {
  readonly version: number;
  zones(): readonly Pick<ZoneSummary, "id" | "name" | "modifiedOn">[];
  records(zoneId: string): readonly StoredRecord[];
}

export interface World {
  /** As Cloudflare's servers answer, but for the next one's rewriting: proxied names have the edge's address. */
  readonly authoritative: readonly ZoneView[];
  /** With SRV and MX to proxied names rewritten. */
  readonly recursive: readonly ZoneView[];
  /** Says whether the name is answered by the proxy, also through a wildcard. */
  isProxied(name: string): boolean;
}

/** Cloudflare's SOA timers and NS TTL, in seconds, as its servers answered them in 2026 (from memory, not verified). */
const SOA_TIMERS = { refresh: 10_000, retry: 2_400, expire: 604_800, minimum: 1_800 };
const SOA_TTL_SECONDS = 1_800;
const NS_TTL_SECONDS = 86_400;
const PROXIED_TTL_SECONDS = 300;
/** Aliases followed from a proxied name to its origin; more is a loop. */
const MAXIMUM_ALIASES = 8;

interface SourceZone {
  readonly name: string;
  readonly records: readonly StoredRecord[];
  readonly soa: ResourceRecord;
  /** The records as stored, proxied or not. */
  readonly stored: ZoneView;
  readonly proxiedOwners: ReadonlySet<string>;
}

/** Builds both views of all zones. */
export function buildWorld(source: RecordSource, edgeAddress: string): World {
  const zones = source.zones().map((zone) => readZone(zone, source.records(zone.id)));
  const isProxied = (name: string): boolean => {
    const zone = closestZone(name, zones);
    const owner = zone === undefined ? undefined : findNode(zone.stored, name)?.owner;
    return owner !== undefined && zone?.proxiedOwners.has(owner) === true;
  };
  const published = zones.map((zone) => ({ zone, records: publish(zone, edgeAddress) }));
  const targets: ResourceRecord[] = [];
  const rewrite = (record: ResourceRecord): ResourceRecord => {
    const target = targetOf(record);
    const zone = target === undefined ? undefined : closestZone(target, zones);
    if (target === undefined || zone === undefined || !isProxied(target)) return record;
    const name = `dc-${createHash("sha256").update(target).digest("hex").slice(0, 12)}.${zone.name}`;
    if (!targets.some(({ owner }) => owner === name)) {
      targets.push(...originAddresses(zones, target).map((origin) => ({ ...origin, owner: name })));
    }
    return withTarget(record, name);
  };
  const rewritten = published.map(({ zone, records }) => ({ zone, records: records.map(rewrite) }));
  return {
    authoritative: published.map(({ zone, records }) =>
      buildZoneView(zone.name, zone.soa, records, namesOf(zone.records)),
    ),
    recursive: rewritten.map(({ zone, records }) =>
      buildZoneView(
        zone.name,
        zone.soa,
        [...records, ...targets.filter(({ owner }) => closestZone(owner, zones) === zone)],
        namesOf(zone.records),
      ),
    ),
    isProxied,
  };
}

function readZone(
  { name, modifiedOn }: Pick<ZoneSummary, "name" | "modifiedOn">,
  records: readonly StoredRecord[],
): SourceZone {
  const soa: ResourceRecord = {
    owner: name,
    type: "SOA",
    ttl: SOA_TTL_SECONDS,
    data: {
      mname: NAME_SERVERS[0] ?? "",
      rname: `hostmaster.${name}`,
      serial: Math.floor(Date.parse(modifiedOn) / 1000),
      ...SOA_TIMERS,
    },
  };
  const plain = records.map(toResourceRecord).filter((record) => record !== undefined);
  return {
    name,
    records,
    soa,
    stored: buildZoneView(name, soa, plain, namesOf(records)),
    proxiedOwners: new Set(records.filter(({ proxied }) => proxied).map((record) => record.name)),
  };
}

/** Records of types that are not served still make their names exist. */
function namesOf(records: readonly StoredRecord[]): readonly string[] {
  return records.map(({ name }) => name);
}

/** A name with one proxied address is proxied with all of them (cloudflare-docs, proxy status). */
function publish(zone: SourceZone, edgeAddress: string): readonly ResourceRecord[] {
  const hidden = (record: ResourceRecord): boolean =>
    zone.proxiedOwners.has(record.owner) && ["A", "AAAA", "CNAME"].includes(record.type);
  const plain = zone.records
    .map(toResourceRecord)
    .filter((record) => record !== undefined)
    // The apex has the sandbox's name servers, whatever else was stored.
    .filter((record) => !hidden(record) && !(record.type === "NS" && record.owner === zone.name));
  return [
    ...NAME_SERVERS.map((server): ResourceRecord => {
      return { owner: zone.name, type: "NS", ttl: NS_TTL_SECONDS, data: server };
    }),
    ...[...zone.proxiedOwners].map((owner): ResourceRecord => {
      return { owner, type: "A", ttl: PROXIED_TTL_SECONDS, data: edgeAddress };
    }),
    ...plain,
  ];
}

function targetOf(record: ResourceRecord): string | undefined {
  const data = record.data as { readonly target?: unknown; readonly exchange?: unknown };
  const target = record.type === "SRV" ? data.target : record.type === "MX" ? data.exchange : undefined;
  return typeof target === "string" ? target : undefined;
}

function withTarget(record: ResourceRecord, name: string): ResourceRecord {
  const key = record.type === "SRV" ? "target" : "exchange";
  return { ...record, data: { ...(record.data as object), [key]: name } };
}

/** Returns what stands behind a proxied name: its stored addresses, or the alias where it leaves the account. */
function originAddresses(
  zones: readonly SourceZone[],
  name: string,
  left: number = MAXIMUM_ALIASES,
): readonly ResourceRecord[] {
  const zone = closestZone(name, zones);
  const node = zone === undefined ? undefined : findNode(zone.stored, name)?.node;
  const alias = node?.get("CNAME")?.[0];
  if (alias === undefined) return [...(node?.get("A") ?? []), ...(node?.get("AAAA") ?? [])];
  const target = aliasTarget(alias);
  if (left === 0 || closestZone(target, zones) === undefined) return [alias];
  return originAddresses(zones, target, left - 1);
}
