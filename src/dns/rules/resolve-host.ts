import { closestZone } from "../../spec/host-name.ts";
import { answerProbe, type ProbeAnswer } from "../wildcard/answer-probe.ts";
import { recordTarget } from "./record-target.ts";
import type { AuditInput } from "./rule.ts";
import type { AfterRecord } from "./zone-after.ts";
import { zonesAfter, type ZoneAfter } from "./zones-after.ts";

/** What a resolver would be told of a host's addresses after the change, as far as the observed zones know. */
export type HostAnswer =
  /** Outside the visible zones, in one that was not read, delegated away, or a circle of aliases. */
  | { readonly kind: "unknown"; readonly aliases: readonly Alias[] }
  /** No such name, or none with an address. */
  | {
      readonly kind: "absent";
      readonly zone: string;
      readonly name: string;
      readonly aliases: readonly Alias[];
    }
  | {
      readonly kind: "found";
      readonly zone: string;
      readonly aliases: readonly Alias[];
      /** The one that decides: proxied, or the address. `name` starts with `*.` where a wildcard answers. */
      readonly record: AfterRecord;
    };

/** A CNAME record that a client is shown on the way. */
export interface Alias {
  /** The name that was asked. */
  readonly name: string;
  readonly zone: string;
  readonly record: AfterRecord;
}

/** Resolvers follow about this many (RFC 1034 §3.6.2 names no number). */
const MAX_ALIASES = 8;

/** Looks a host up in the zones as they will be, through CNAMEs and wildcards (RFC 4592). */
export function resolveHost(input: AuditInput, host: string): HostAnswer {
  const aliases: Alias[] = [];
  let name = host;
  while (aliases.length <= MAX_ALIASES) {
    const zone = observedZoneOf(input, name);
    if (zone === undefined) return { kind: "unknown", aliases };
    const answer = askAddress(zone, name);
    if (answer.kind === "delegated") return { kind: "unknown", aliases };
    // The index was built from these very records.
    const [record] = answer.records as readonly AfterRecord[];
    if (record === undefined) return { kind: "absent", zone: zone.zone.name, name, aliases };
    const target = record.type === "CNAME" && !record.proxied ? recordTarget(record) : undefined;
    if (target === undefined) return { kind: "found", zone: zone.zone.name, aliases, record };
    aliases.push({ name, zone: zone.zone.name, record });
    name = target;
  }
  return { kind: "unknown", aliases };
}

/** Undefined where the closest zone that the token can see was not read: what it says is not known. */
function observedZoneOf(input: AuditInput, name: string): ZoneAfter | undefined {
  const zones = zonesAfter(input);
  const visible = [...input.visibleZones, ...zones.map(({ zone }) => zone.name)].map((name) => ({ name }));
  const closest = closestZone(name, visible)?.name;
  return zones.find(({ zone }) => zone.name === closest);
}

function askAddress({ names }: ZoneAfter, name: string): ProbeAnswer {
  const answer = answerProbe(names, name, "A");
  return answer.records.length > 0 ? answer : answerProbe(names, name, "AAAA");
}
