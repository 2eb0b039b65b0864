/** Plans domains against the emulated API, and carries a plan out whatever the rules say of it. */
import { observeZones } from "../../../src/adapters/cloudflare/cloudflare-api.ts";
import { observeCustomDomains, observeZone } from "../../../src/adapters/cloudflare/observe-zone.ts";
import { deriveRecords } from "../../../src/dns/derive-records.ts";
import { mailHostOwner } from "../../../src/dns/mail-host-owner.ts";
import { planProgram, type ProgramPlan } from "../../../src/dns/plan/plan-program.ts";
import { derivePublicationHosts } from "../../../src/dns/publication-hosts.ts";
import { buildRecordArguments } from "../../../src/dns/record-arguments.ts";
import type { AuditInput } from "../../../src/dns/rules/rule.ts";
import { closestZone } from "../../../src/spec/host-name.ts";
import type { MailDomain } from "../../../src/spec/mail-domain.ts";
import { ACCOUNT, codesOf, type RunningApi } from "../../infra/sandbox/cloudflare-api/run-api.ts";
import { IDENTITY, SCRIPT } from "./audit-input.ts";

export interface AuditedPlan {
  readonly plan: ProgramPlan;
  /** What the rules are asked with. */
  readonly audit: AuditInput;
}

/** Plans the domains against every zone that the token sees. */
export async function planLive(api: RunningApi, domains: readonly MailDomain[]): Promise<AuditedPlan> {
  const visible = await observeZones(api.client);
  const customDomains = await observeCustomDomains(api.client, ACCOUNT);
  const zones = await Promise.all(
    visible.map((zone) => observeZone(api.client, zone, { customDomains, expectedRecords: 200 })),
  );
  const zoneOf = (domain: MailDomain): string => closestZone(domain.domain, zones)?.name ?? "";
  const visibleZones = zones.map(({ name }) => name);
  const plan = planProgram({
    domains: domains.map((domain) => ({
      domain,
      wanted: deriveRecords(domain, {
        zone: zoneOf(domain),
        zones: visibleZones,
        workersDevHost: `${SCRIPT}.sandbox.workers.dev`,
        publishAddresses: mailHostOwner(domain.mailServer.host, domains) === domain,
      }),
    })),
    zones,
    visibleZones,
    identity: IDENTITY,
    scriptName: SCRIPT,
  });
  const audit = {
    zones,
    visibleZones,
    planned: [...plan.domains.values()].flatMap(({ planned }) => planned),
    hosts: domains.flatMap((domain) => {
      const zone = zoneOf(domain);
      return derivePublicationHosts(domain, zone).map((host) => ({ ...host, zone }));
    }),
    scriptName: SCRIPT,
  };
  return { plan, audit };
}

/** Makes everything that is planned, as the provider does; returns the codes of what was refused, the envelope's left out. */
export async function carryOut(api: RunningApi, audit: AuditInput): Promise<readonly number[]> {
  const { client } = api;
  const refused: number[] = [];
  const attempt = async (call: PromiseLike<unknown>): Promise<void> => {
    refused.push(...(await codesOf(call)).filter((code) => code !== VALIDATION_ERROR));
  };
  for (const { record, zone, action, importId, ...options } of audit.planned) {
    const body = { zone_id: zone.id, ...buildRecordArguments(record, options) } as never;
    const id = importId?.split("/")[1];
    if (action === "keep") continue;
    await attempt(id === undefined ? client.dns.records.create(body) : client.dns.records.update(id, body));
  }
  for (const { host, form, zone } of audit.hosts) {
    const place = { zone_id: api.zoneId(zone) };
    if (form === "route") {
      await attempt(client.workers.routes.create({ ...place, pattern: `${host}/*`, script: SCRIPT }));
    } else if (form === "customDomain") {
      const domain = { ...place, account_id: ACCOUNT, hostname: host, service: SCRIPT };
      await attempt(client.workers.domains.update(domain));
    }
  }
  return refused;
}

/** The frame around the code that says which (`error_chain`). */
const VALIDATION_ERROR = 1004;
