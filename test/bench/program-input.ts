import type { Zone } from "../../src/adapters/cloudflare/cloudflare-api.ts";
import { deriveCertificateNames } from "../../src/certificates/certificate-names.ts";
import { workerName } from "../../src/dns/worker-name.ts";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { mailHostOwner } from "../../src/dns/mail-host-owner.ts";
import type { ObservedZone } from "../../src/dns/observed-zone.ts";
import type { ProgramInput } from "../../src/dns/plan/plan-program.ts";
import { closestZone } from "../../src/spec/host-name.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { IDENTITY, WORKERS_DEV_HOST } from "./reading-ways.ts";

/** Derives what `planProgram` is given, as `planZones` does, so that the plan can be measured without the network. */
export function deriveProgramInput(
  specs: readonly MailDomain[],
  zones: readonly Zone[],
  observed: readonly ObservedZone[],
): ProgramInput {
  const visibleZones = zones.map(({ name }) => name);
  return {
    domains: specs.map((domain) => {
      const { names } = deriveCertificateNames(domain, { zones: visibleZones });
      return {
        domain,
        wanted: deriveRecords(domain, {
          zone: closestZone(domain.domain, zones)?.name ?? "",
          zones: visibleZones,
          workersDevHost: WORKERS_DEV_HOST,
          publishAddresses: mailHostOwner(domain.mailServer.host, specs) === domain,
        }),
        challengeNames: [...new Set(names.map((name) => `_acme-challenge.${name.replace(/^\*\./, "")}`))],
      };
    }),
    zones: observed,
    visibleZones,
    identity: IDENTITY,
    scriptName: workerName(IDENTITY),
    deployed: new Map(),
    targets: new Map(),
  };
}
