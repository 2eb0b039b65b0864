/** A world in which a deployment is perfect: as planned, in zones that held nothing before. Tests break it. */
import type {
  QueryType,
  Resolution,
  World,
  WorldRequest,
  WorldResponse,
} from "../../src/clients/world/world.ts";
import type { DeriveRecordsOptions } from "../../src/dns/derive-records.ts";
import { emptyZone } from "../../src/dns/empty-zone.ts";
import type { ObservedRecord } from "../../src/dns/observed-zone.ts";
import { planAgainst } from "../../src/doctor/planned/plan-against.ts";
import { worldAfter } from "../../src/doctor/planned/planned-world.ts";
import { respond } from "../../src/responder/respond.ts";
import { isWithin } from "../../src/spec/host-name.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { memoryTenants, NOW } from "../responder/memory-responder.ts";

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
      zones: visibleZones.map((name) => ({ ...emptyZone(name), records: keptByOthers(domain, name) })),
      identity: { project: "mail", stack: "test" },
      workersDevHost,
    }),
    { now: NOW, signsProfiles: false },
  );
  return {
    resolve: async (name, type) => faults.resolve?.(name, type) ?? world.resolve(name, type),
    request: async (asked) => {
      const url = URL.parse(asked.url);
      const isService = /^\/\.well-known\/(caldav|carddav|jmap)$/.test(url?.pathname ?? "");
      const isApex = url?.hostname === domain.domain && isService;
      return faults.request?.(asked) ?? (isApex ? atApex(asked, domain) : world.request(asked));
    },
    probe: (question) => world.probe(question),
  };
}

/** A mail host without addresses in its file has them from somebody else. */
function keptByOthers(domain: MailDomain, zone: string): readonly ObservedRecord[] {
  const { host, addresses } = domain.mailServer;
  if (addresses.length > 0 || !isWithin(host, zone)) return [];
  return [{ id: "theirs", type: "A", name: host, content: "203.0.113.7", ttl: 1, proxied: false }];
}

/** The domain's own web site leads to the services as the responder does. */
async function atApex(asked: WorldRequest, domain: MailDomain): Promise<WorldResponse> {
  const { url, method, headers, body } = asked;
  const request = new Request(url, { method, headers: { ...headers }, body: body ?? null });
  const response = await respond(request, { tenants: memoryTenants([domain]), now: () => NOW });
  return answered(response.status, Object.fromEntries(response.headers), await response.text());
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
