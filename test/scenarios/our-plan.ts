import { respond } from "../../src/responder/respond.ts";
import { wantedRdata } from "../../src/dns/comparison/rdata.ts";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import type { WantedRecord } from "../../src/dns/wanted-record.ts";
import { deriveTombstones } from "../../src/dns/wildcard/derive-tombstones.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import type { MemoryHandler, MemoryWorldOptions, RecordLine } from "../clients/memory-world.ts";
import { memoryTenants, NOW } from "../responder/memory-responder.ts";
import { sampleDomain, type SampleInput } from "../spec/sample-domain.ts";
import { MAIL, MAIL_RECORDS, RESPONDER, scenario, type Scenario } from "./scenario.ts";
import { bothWays } from "./web-sites.ts";

/** The file that the scenarios' domain has: `example.test`, its mail server `box.example.test`, changed by `input`. */
export function ourDomain({ mailServer, ...input }: SampleInput = {}): MailDomain {
  return sampleDomain({
    domain: "example.test",
    mailServer: { host: "box.example.test", addresses: [MAIL], ...mailServer },
    ...input,
  });
}

/**
 * Returns the zone after the module's change: its records, tombstones included, beside those of before whose names it does
 * not take over. A proxied name has the responder's address.
 */
export function afterOurPlan(domain: MailDomain, before: readonly RecordLine[] = []): readonly RecordLine[] {
  const wanted = deriveRecords(domain, { zone: domain.domain });
  const zone = before.map((line) => {
    const [, name = "", type = "", content = ""] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
    return { name, type, content, proxied: false };
  });
  const records = [...wanted, ...deriveTombstones(domain, domain.domain, zone, wanted)];
  const isTaken = (line: RecordLine): boolean => {
    const [name, type] = line.split(" ");
    return records.some((ours) => ours.name === name && (ours.type === type || holdsHost(ours)));
  };
  return [...before.filter((line) => !isTaken(line)), ...records.flatMap(lineOf)];
}

/** Makes the scenario of a domain after the module's change, on a zone that held `before`. */
export function afterChange(
  title: string,
  domain: MailDomain,
  before: readonly RecordLine[],
  servers: MemoryWorldOptions["servers"] = {},
): Scenario {
  const responder = { [RESPONDER]: bothWays(ourResponder(domain)) };
  return {
    ...scenario(title, afterOurPlan(domain, before), { ...responder, ...servers }),
    planned: { domain, before, state: "after" },
  };
}

/** Makes the scenario of a zone that the module has not changed yet. */
export function beforeChange(
  title: string,
  domain: MailDomain,
  before: readonly RecordLine[],
  servers: MemoryWorldOptions["servers"] = {},
): Scenario {
  const zone = [...MAIL_RECORDS, ...before];
  return { ...scenario(title, before, servers), planned: { domain, before: zone, state: "before" } };
}

/** The responder as it runs, for these domains. */
export function ourResponder(...domains: readonly MailDomain[]): MemoryHandler {
  const tenants = memoryTenants(domains);
  return async (_method, _path, { url, method, headers, body }) => {
    const request = new Request(url, { method, headers: { ...headers }, body: body ?? null });
    const response = await respond(request, { tenants, now: () => NOW });
    const answer = { status: response.status, headers: Object.fromEntries(response.headers) };
    return { ...answer, body: await response.text() };
  };
}

/** An alias or a proxied address allows nothing of somebody else's beside it. */
function holdsHost(record: WantedRecord): boolean {
  return record.type === "CNAME" || ("proxied" in record && record.proxied);
}

function lineOf(record: WantedRecord): readonly RecordLine[] {
  if ("proxied" in record && record.proxied) return [`${record.name} A ${RESPONDER}`];
  const rdata = wantedRdata(record);
  return rdata === undefined ? [] : [`${record.name} ${record.type} ${rdata}`];
}
