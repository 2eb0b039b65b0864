/** A world in which a deployment is perfect: names from `deriveRecords`, documents from `respond`. Tests break it. */
import type { QueryType, Resolution, World, WorldRequest, WorldResponse } from "../../src/clients/world.ts";
import { wantedRdata } from "../../src/dns/comparison/rdata.ts";
import { deriveRecords, type DeriveRecordsOptions } from "../../src/dns/derive-records.ts";
import { derivePublicationHosts } from "../../src/dns/publication-hosts.ts";
import type { WantedRecord } from "../../src/dns/wanted-record.ts";
import { respond } from "../../src/responder/respond.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { memoryTenants, NOW } from "../responder/memory-responder.ts";

const EDGE_ADDRESS = "203.0.113.80";

export interface Faults {
  /** Takes the place of a resolution where it returns one. */
  readonly resolve?: (name: string, type: QueryType) => Resolution | undefined;
  /** Takes the place of a response where it returns one. */
  readonly request?: (request: WorldRequest) => WorldResponse | undefined;
}

export function plannedWorld(domain: MailDomain, options: DeriveRecordsOptions, faults: Faults = {}): World {
  const records = deriveRecords(domain, options);
  const hosts = derivePublicationHosts(domain, options.zone).map(({ host }) => host);
  const resolve = (name: string, type: QueryType): Resolution => {
    if (hosts.includes(name))
      return type === "A" ? { state: "found", data: [EDGE_ADDRESS] } : { state: "absent" };
    const data = records.filter((record) => record.name === name && record.type === type).map(dataOf);
    return data.length === 0 ? { state: "absent" } : { state: "found", data };
  };
  const tenants = memoryTenants([domain]);
  return {
    resolve: async (name, type) => faults.resolve?.(name, type) ?? resolve(name, type),
    request: async (asked) => faults.request?.(asked) ?? answer(asked, tenants),
    probe: async () => ({ outcome: "unknown", detail: "no mail server in this world" }),
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

async function answer(
  asked: WorldRequest,
  tenants: ReturnType<typeof memoryTenants>,
): Promise<WorldResponse> {
  const { url, method, headers, body } = asked;
  const request = new Request(url, { method, headers: { ...headers }, body: body ?? null });
  const response = await respond(request, { tenants, now: () => NOW });
  return answered(response.status, Object.fromEntries(response.headers), await response.text());
}

function dataOf(record: WantedRecord): string {
  return (
    wantedRdata(record) ??
    (record.type === "CAA"
      ? `${record.flags} ${record.tag} ${record.value}; accounturi=https://ca.example.com/1`
      : "")
  );
}
