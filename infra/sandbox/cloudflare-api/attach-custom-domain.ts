import { isWithin } from "../../../src/spec/host-name.ts";
import { ApiRefusal } from "./api-refusal.ts";
import { newId, timestamp } from "./identifiers.ts";
import { normaliseHost } from "./record-name.ts";
import { readText, refuseUnknownFields, type JsonObject } from "./request-body.ts";
import type { StoredCustomDomain, StoredRecord, StoredState, StoredZone } from "./stored-state.ts";

export interface AttachedDomain {
  readonly state: StoredState;
  readonly domain: StoredCustomDomain;
}

/**
 * Binds hostname and script, with the record that comes with it; the same binding twice is one.
 *
 * @throws ApiRefusal 100117 over addresses and aliases of others (vm0-ai/vm0#33406), 100116 over another script's domain
 * (alchemy-run/alchemy-async#1384), both 409, which clients repeat for minutes.
 */
export function attachCustomDomain(state: StoredState, body: JsonObject): AttachedDomain {
  refuseUnknownFields(body, ["hostname", "service", "zone_id", "zone_name", "environment"]);
  const hostname = normaliseHost(readText(body, "hostname"));
  const service = readText(body, "service");
  if (hostname === undefined || hostname.startsWith("*.")) {
    throw new ApiRefusal(400, 100115, "Custom domains must be a hostname without wildcard.");
  }
  if (!state.scripts.some(({ name }) => name === service)) {
    throw new ApiRefusal(404, 10007, "This Worker does not exist on your account.");
  }
  const zone = findZoneOf(state, hostname, body);
  const existing = state.customDomains.find((domain) => domain.hostname === hostname);
  if (existing !== undefined) {
    if (existing.service === service) return { state, domain: existing };
    throw new ApiRefusal(409, 100116, `Hostname '${hostname}' is already in use by other custom domain.`);
  }
  if (zone.records.some(({ name, type }) => name === hostname && ["A", "AAAA", "CNAME"].includes(type))) {
    throw new ApiRefusal(
      409,
      100117,
      `Hostname '${hostname}' already has externally managed DNS records (A, CNAME, etc). Either delete them, try a different hostname, or use the option 'override_existing_dns_record' to override.`,
    );
  }
  const record = placeholderRecord(hostname, service);
  const domain: StoredCustomDomain = {
    id: newId(),
    hostname,
    service,
    zoneId: zone.id,
    zoneName: zone.name,
    certId: newId(),
    recordId: record.id,
  };
  const next = changeRecords(state, zone.id, (records) => [...records, record]);
  return { state: { ...next, customDomains: [...state.customDomains, domain] }, domain };
}

/** Takes the domain away, and its record with it. */
export function detachCustomDomain(state: StoredState, domain: StoredCustomDomain): StoredState {
  const next = changeRecords(state, domain.zoneId, (records) =>
    records.filter(({ id }) => id !== domain.recordId),
  );
  return { ...next, customDomains: state.customDomains.filter((other) => other !== domain) };
}

function findZoneOf(state: StoredState, hostname: string, body: JsonObject): StoredZone {
  const zone = state.zones
    .filter(
      ({ id, name, account }) =>
        account === undefined &&
        isWithin(hostname, name) &&
        (body["zone_id"] ?? id) === id &&
        (body["zone_name"] ?? name) === name,
    )
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  if (zone === undefined) throw new ApiRefusal(400, 100114, `No zone of the account holds "${hostname}".`);
  return zone;
}

/** The record that comes with a custom domain is an AAAA `100::` (DNSControl/dnscontrol#4907). */
function placeholderRecord(hostname: string, service: string): StoredRecord {
  const now = timestamp();
  return {
    id: newId(),
    type: "AAAA",
    name: hostname,
    content: "100::",
    ttl: 1,
    proxied: true,
    settings: {},
    comment: null,
    workerService: service,
    createdOn: now,
    modifiedOn: now,
  };
}

function changeRecords(
  state: StoredState,
  zoneId: string,
  change: (records: readonly StoredRecord[]) => readonly StoredRecord[],
): StoredState {
  const zones = state.zones.map((zone) =>
    zone.id === zoneId ? { ...zone, records: change(zone.records), modifiedOn: timestamp() } : zone,
  );
  return { ...state, zones };
}
