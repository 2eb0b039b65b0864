import { createHash } from "node:crypto";
import type { QueryType, Resolution } from "../../clients/world/world.ts";
import { canonicalName } from "../../dns/comparison/canonical-name.ts";
import { isAddressType, recordTarget } from "../../dns/rules/record-target.ts";
import { answerProbe } from "../../dns/wildcard/answer-probe.ts";
import { parentOf } from "../../dns/wildcard/zone-names.ts";
import type { ZoneRecord } from "../../dns/wildcard/zone-record.ts";
import type { StateZone, WorldState } from "./world-state.ts";

/** Where a question leads, through CNAMEs and wildcards. */
export type NamePath =
  | { readonly kind: "unknown"; readonly reason: string; readonly aliases: readonly string[] }
  | { readonly kind: "absent"; readonly aliases: readonly string[]; readonly isNoName: boolean }
  /** A host that Cloudflare's edge answers for by itself: the Worker's own. */
  | { readonly kind: "edge"; readonly aliases: readonly string[] }
  | {
      readonly kind: "found";
      /** The last name, which holds the records. */
      readonly name: string;
      readonly aliases: readonly string[];
      readonly zone: StateZone;
      readonly records: readonly ZoneRecord[];
    };

/** What stands for the addresses of Cloudflare's edge, which differ from place to place. */
export const EDGE_ADDRESS = "Cloudflare";

/** Resolvers stop at about this many (BIND 9: 16). */
const MOST_ALIASES = 16;

/** The names of a planned world. */
export class PlannedNames {
  readonly #state: WorldState;
  /** Made-up names in answers for SRV and MX records whose target is proxied, with what they stand for. */
  readonly #origins = new Map<string, string>();
  /** By apex; undefined for a zone that is there and was not read. */
  readonly #zones: ReadonlyMap<string, StateZone | undefined>;

  constructor(state: WorldState) {
    this.#state = state;
    this.#zones = new Map([
      ...state.visibleZones.map((name) => [name, undefined] as const),
      ...state.zones.map((zone) => [zone.name, zone] as const),
    ]);
  }

  resolve(name: string, type: QueryType): Resolution {
    const path = this.follow(name, type);
    switch (path.kind) {
      case "unknown":
        return { state: "unknown", reason: path.reason, ms: 0 };
      case "absent":
        return { state: "absent", isNoName: path.isNoName, ...beside(path.aliases), ms: 0 };
      case "edge":
        return isAddress(type)
          ? { state: "found", data: [EDGE_ADDRESS], ...beside(path.aliases), ms: 0 }
          : { state: "absent", isNoName: false, ...beside(path.aliases), ms: 0 };
      case "found":
        return { state: "found", data: this.#dataOf(path, type), ...beside(path.aliases), ms: 0 };
    }
  }

  /** Returns the zone that holds a name; undefined where none was read that does. */
  zoneOf(name: string): StateZone | undefined {
    for (let apex = name; ; apex = parentOf(apex)) {
      if (this.#zones.has(apex)) return this.#zones.get(apex);
      if (!apex.includes(".")) return undefined;
    }
  }

  /** Asks as a resolver would, and says where it ends. */
  follow(name: string, type: QueryType): NamePath {
    const aliases: string[] = [];
    let current = canonicalName(name);
    // What an alias at the apex leads to is shown as the apex's own.
    let hidden = 0;
    for (let count = 0; count <= MOST_ALIASES; count += 1) {
      const shown = aliases.slice(hidden);
      if (current === this.#state.workersDevHost) return { kind: "edge", aliases: shown };
      const step = this.#step(current, type);
      if (step.kind !== "alias") return { ...step, aliases: shown };
      aliases.push(step.target);
      if (step.isFlattened) hidden = aliases.length;
      current = step.target;
    }
    return unknown(`the aliases of ${name} lead in a circle`);
  }

  #step(
    name: string,
    type: QueryType,
  ): NamePath | { readonly kind: "alias"; readonly target: string; readonly isFlattened: boolean } {
    const origin = this.#origins.get(name);
    if (origin !== undefined) return this.#origin(origin, type);
    const zone = this.zoneOf(name);
    if (zone === undefined) return unknown(`${name} lies in no zone that was read`);
    // Who a zone is delegated to stands at its parent's servers, and no API lists it.
    if (name === zone.name && (type === "NS" || type === "DS")) {
      return unknown(`the ${type} records of ${name} are kept outside the zone`);
    }
    const answer = answerProbe(zone.names, name, type);
    if (answer.kind === "delegated") {
      return unknown(`${answer.owner} is delegated to other name servers`);
    }
    const [record] = answer.records;
    if (record === undefined) return { kind: "absent", aliases: [], isNoName: answer.kind === "absent" };
    if (record.type === "CNAME" && type !== "CNAME" && !record.proxied) {
      const target = recordTarget(record);
      if (target === undefined) return { kind: "absent", aliases: [], isNoName: false };
      return { kind: "alias", target, isFlattened: name === zone.name };
    }
    return { kind: "found", name, aliases: [], zone, records: answer.records };
  }

  /** What stands behind a proxied name: its own addresses, or an alias to them. */
  #origin(
    name: string,
    type: QueryType,
  ): NamePath | { readonly kind: "alias"; readonly target: string; readonly isFlattened: boolean } {
    const zone = this.zoneOf(name);
    if (zone === undefined) return unknown(`${name} lies in no zone that was read`);
    const { records } = answerProbe(zone.names, name, "A");
    const alias = records.find((record) => record.type === "CNAME");
    const target = alias === undefined ? undefined : recordTarget(alias);
    if (target !== undefined) return { kind: "alias", target, isFlattened: false };
    const ofType = records
      .filter((record) => record.type === type)
      .map((record) => ({ ...record, proxied: false }));
    if (ofType.length === 0) return { kind: "absent", aliases: [], isNoName: false };
    return { kind: "found", name, aliases: [], zone, records: ofType };
  }

  #dataOf({ zone, records }: Extract<NamePath, { kind: "found" }>, type: QueryType): readonly string[] {
    if (isAddress(type) && records.some(({ proxied }) => proxied)) return [EDGE_ADDRESS];
    return records.map((record) => {
      const rdata = zone.rdataOf(record);
      return type === "SRV" || type === "MX" ? this.#withReachableTarget(rdata) : rdata;
    });
  }

  /**
   * A proxied name has no mail ports: Cloudflare answers with a name of its own, `dc-...`, which has the origin's address
   * (developers.cloudflare.com/dns/troubleshooting/email-issues, verified 2026-11-23).
   */
  #withReachableTarget(rdata: string): string {
    const fields = rdata.split(" ");
    const target = fields.at(-1) ?? ".";
    const zone = target === "." ? undefined : this.zoneOf(target);
    if (zone === undefined || proxiedRecord(zone, target) === undefined) return rdata;
    const name = `dc-${createHash("sha256").update(target).digest("hex").slice(0, 12)}.${zone.name}`;
    this.#origins.set(name, target);
    return [...fields.slice(0, -1), name].join(" ");
  }
}

/** Returns the proxied record that answers for a name, also through a wildcard. */
export function proxiedRecord(zone: StateZone, name: string): ZoneRecord | undefined {
  return answerProbe(zone.names, name, "A").records.find(
    (record) => record.proxied && isAddressType(record.type),
  );
}

function unknown(reason: string): NamePath {
  return { kind: "unknown", reason, aliases: [] };
}

function isAddress(type: QueryType): boolean {
  return type === "A" || type === "AAAA";
}

function beside(aliases: readonly string[]): { readonly aliases?: readonly string[] } {
  return aliases.length === 0 ? {} : { aliases };
}
