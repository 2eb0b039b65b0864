/** A world in which a deployment is perfect: as planned, in zones that held nothing before. Tests break it. */
import type { QueryType, Resolution, World, WorldRequest, WorldResponse } from "../../src/clients/world.ts";
import type { DeriveRecordsOptions } from "../../src/dns/derive-records.ts";
import { emptyZone } from "../../src/dns/empty-zone.ts";
import { planAgainst } from "../../src/doctor/planned/plan-against.ts";
import { worldAfter } from "../../src/doctor/planned/planned-world.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { NOW } from "../responder/memory-responder.ts";

export interface Faults {
  /** Takes the place of a resolution where it returns one. */
  readonly resolve?: (name: string, type: QueryType) => Resolution | undefined;
  /** Takes the place of a response where it returns one. */
  readonly request?: (request: WorldRequest) => WorldResponse | undefined;
}

export function plannedWorld(domain: MailDomain, options: DeriveRecordsOptions, faults: Faults = {}): World {
  const { zone, zones: visibleZones = [zone], workersDevHost } = options;
  const world = worldAfter(
    planAgainst({
      domains: [domain],
      zones: visibleZones.map(emptyZone),
      identity: { project: "mail", stack: "test" },
      workersDevHost,
    }),
    { now: NOW },
  );
  return {
    resolve: async (name, type) => faults.resolve?.(name, type) ?? world.resolve(name, type),
    request: async (asked) => faults.request?.(asked) ?? world.request(asked),
    probe: (question) => world.probe(question),
  };
}

/** An answer of some other server, as a fault. */
export function answered(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = "",
  tlsError?: string,
): WorldResponse {
  return { state: "answered", status, headers, body, tlsError, ms: 1 };
}
