import type { PreloadZone } from "../../infra/sandbox/cloudflare-api/preload-zone.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { renderSpecIssues } from "../../src/spec/spec-issue.ts";
import { generateZoneRecords } from "./zone-records.ts";

/** An account, and the mail domains that a program has in it. */
export interface Scenario {
  readonly name: string;
  readonly zones: number;
  readonly recordsPerZone: number;
  /** One is the zone's apex; several are departments below it. */
  readonly domainsPerZone: number;
}

export const SCENARIOS: readonly Scenario[] = [
  scenario(1, 1, 10),
  scenario(1, 1, 1_000),
  scenario(1, 1, 10_000),
  scenario(20, 1, 1_000),
  scenario(1, 200, 50),
];

/** Returns the scenario with the name that a process was given. @throws RangeError */
export function readScenario(name: string | undefined): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`There is no scenario "${name ?? ""}".`);
  return found;
}

/** Above the quota of every plan but Enterprise's own agreements. */
const RECORD_QUOTA = 20_000;

/** Returns the account of a scenario as the emulator takes it. */
export function scenarioZones({ zones, recordsPerZone }: Scenario): readonly PreloadZone[] {
  return zoneNames(zones).map((zone) => ({
    zone,
    plan: "enterprise",
    recordQuota: RECORD_QUOTA,
    records: generateZoneRecords(zone, recordsPerZone),
  }));
}

/** Returns the domains of a scenario, through the real parser; all of them share the first zone's mail server. */
export function scenarioDomains({ zones, domainsPerZone }: Scenario): readonly MailDomain[] {
  const [first] = zoneNames(1);
  return zoneNames(zones)
    .flatMap((zone) =>
      domainsPerZone === 1
        ? [zone]
        : Array.from({ length: domainsPerZone }, (_, index) => `department-${index}.${zone}`),
    )
    .map((domain) =>
      parsed({
        domain,
        mailServer: { host: `mail.${first ?? ""}`, addresses: ["203.0.113.25", "2001:db8::25"] },
        spf: "v=spf1 mx -all",
        dmarc: "v=DMARC1; p=none",
      }),
    );
}

function scenario(domainsPerZone: number, zones: number, recordsPerZone: number): Scenario {
  const domains = domainsPerZone * zones;
  const number = new Intl.NumberFormat("en");
  return {
    name: `${domains} ${domains === 1 ? "domain" : "domains"}, ${zones} ${zones === 1 ? "zone" : "zones"} of ${number.format(recordsPerZone)}`,
    zones,
    recordsPerZone,
    domainsPerZone,
  };
}

function zoneNames(zones: number): readonly string[] {
  return Array.from({ length: zones }, (_, index) => `zone-${String(index).padStart(3, "0")}.test`);
}

function parsed(input: unknown): MailDomain {
  const result = parseMailDomain(input);
  if (result.ok) return result.domain;
  throw new Error(renderSpecIssues(result.issues));
}
