/** Zones and plans for the tests of the rules: only what a test is about has to be said. */
import type { ObservedRecord, ObservedZone } from "../../../src/dns/observed-zone.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import type { PlannedRecord } from "../../../src/dns/planned-record.ts";
import type { PublicationForm } from "../../../src/dns/publication-hosts.ts";
import type { AuditInput } from "../../../src/dns/rules/rule.ts";
import { logicalName, type RecordPurpose, type WantedRecord } from "../../../src/dns/wanted-record.ts";

export const IDENTITY = { project: "mail", stack: "test" };
export const SCRIPT = "mail-autodiscover";
const ZONE_ID = "0123456789abcdef0123456789abcdef";

export function observed(
  id: string,
  name: string,
  type: string,
  content: string,
  rest: Partial<ObservedRecord> = {},
): ObservedRecord {
  return { id, name, type, content, ttl: 1, proxied: false, ...rest };
}

export function zone(rest: Partial<ObservedZone> = {}): ObservedZone {
  return {
    id: ZONE_ID,
    name: "example.com",
    plan: "free",
    records: [],
    recordQuota: undefined,
    routes: [],
    customDomains: [],
    ...rest,
  };
}

export function planned(record: WantedRecord, rest: Partial<PlannedRecord> = {}): PlannedRecord {
  return {
    record,
    zone: { id: ZONE_ID, name: "example.com" },
    action: "create",
    importId: undefined,
    comment: ownershipComment(IDENTITY, record.logicalName),
    retainOnDelete: false,
    ttlSeconds: undefined,
    content: undefined,
    displaces: [],
    keptId: undefined,
    ...rest,
  };
}

function base(name: string, type: WantedRecord["type"], purpose: RecordPurpose, key?: string) {
  const logical = logicalName("example.com", type, name, key);
  return { name, purpose, logicalName: logical, formerLogicalNames: [] };
}

export function cname(
  name: string,
  content: string,
  proxied = false,
  purpose: RecordPurpose = "discovery",
): WantedRecord {
  return { ...base(name, "CNAME", purpose), type: "CNAME", content, proxied };
}

export function address(name: string, content = "203.0.113.25", proxied = false): WantedRecord {
  return { ...base(name, "A", "mail-host", content), type: "A", content, proxied };
}

export function txt(name: string, text: string, purpose: RecordPurpose = "spf"): WantedRecord {
  return { ...base(name, "TXT", purpose), type: "TXT", text };
}

export function srv(name: string, target: string, purpose: RecordPurpose = "mail-srv"): WantedRecord {
  return { ...base(name, "SRV", purpose, target), type: "SRV", priority: 0, weight: 1, port: 993, target };
}

export function mx(name: string, exchange: string): WantedRecord {
  return { ...base(name, "MX", "mx", exchange), type: "MX", priority: 10, exchange };
}

export function host(name: string, form: PublicationForm): AuditInput["hosts"][number] {
  return { label: "autodiscover", host: name, form, zone: "example.com" };
}

export function input(rest: Partial<AuditInput> = {}): AuditInput {
  return {
    zones: [zone()],
    visibleZones: ["example.com"],
    planned: [],
    hosts: [],
    scriptName: SCRIPT,
    ...rest,
  };
}
