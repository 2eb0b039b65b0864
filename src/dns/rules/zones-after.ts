import type { ObservedZone } from "../observed-zone.ts";
import { indexZoneNames, type ZoneNames } from "../wildcard/zone-names.ts";
import { isAddressType } from "./record-target.ts";
import type { AuditInput } from "./rule.ts";
import { recordsAfter, type AfterRecord } from "./zone-after.ts";

/** A zone as it will be. */
export interface ZoneAfter {
  readonly zone: ObservedZone;
  readonly records: readonly AfterRecord[];
  /** The same records, ready to be asked. */
  readonly names: ZoneNames;
}

/** Every rule asks for the same input; building the zones once keeps an audit linear in their records. */
const known = new WeakMap<AuditInput, readonly ZoneAfter[]>();

/** Returns every observed zone after the change, with the records that new Worker custom domains bring. */
export function zonesAfter(input: AuditInput): readonly ZoneAfter[] {
  const before = known.get(input);
  if (before !== undefined) return before;
  const zones = input.zones.map((zone): ZoneAfter => {
    const declared = recordsAfter(zone, input.planned);
    const records = [...declared, ...customDomainRecords(input, zone, declared)];
    return { zone, records, names: indexZoneNames(zone.name, records) };
  });
  known.set(input, zones);
  return zones;
}

function customDomainRecords(
  input: AuditInput,
  zone: ObservedZone,
  declared: readonly AfterRecord[],
): readonly AfterRecord[] {
  const taken = new Set(declared.filter(({ type }) => isAddressType(type)).map(({ name }) => name));
  return input.hosts
    .filter(({ host, form, zone: name }) => form === "customDomain" && name === zone.name && !taken.has(host))
    .map(({ host }) => ({ name: host, type: "AAAA", content: "100::", proxied: true, isOurs: true }));
}
