import type { ObservedZone } from "../../../src/dns/observed-zone.ts";
import { derivePublicationHosts } from "../../../src/dns/publication-hosts.ts";
import { workerName } from "../../../src/dns/worker-name.ts";
import type { PlanAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { closestZone } from "../../../src/spec/host-name.ts";
import { applyPlan } from "../../dns/plan/apply-plan.ts";

/** The zones as they are after a plan was carried out: records, routes, custom domains and the records that these bring. */
export function deployedZones({ plan, zones, domains, identity }: PlanAgainst): readonly ObservedZone[] {
  const script = workerName(identity);
  return zones.map((zone) => {
    const hosts = domains
      .filter(({ domain }) => closestZone(domain, zones) === zone)
      .flatMap((domain) => derivePublicationHosts(domain, zone.name));
    const routed = hosts.filter(({ form }) => form === "route");
    const custom = hosts.filter(({ form }) => form === "customDomain");
    const applied = applyPlan(zone, plan);
    return {
      ...applied,
      records: [
        ...applied.records,
        ...custom.map(({ host }) => {
          return { id: host, type: "AAAA", name: host, content: "100::", ttl: 1, proxied: true };
        }),
      ],
      routes: routed.map(({ host }) => ({ id: host, pattern: `${host}/*`, script })),
      customDomains: custom.map(({ host }) => ({ hostname: host, service: script })),
    };
  });
}
