import { deriveWishes } from "../../certificates/renewal/derive-wishes.ts";
import type { ObservedZone } from "../../dns/observed-zone.ts";
import type { StackIdentity } from "../../dns/ownership.ts";
import { planProgram, type ProgramPlan } from "../../dns/plan/plan-program.ts";
import { workerName } from "../../dns/worker-name.ts";
import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { PlannedProgram } from "./planned-program.ts";

export interface PlanAgainstInput {
  readonly domains: readonly MailDomain[];
  /** The zones as they are; each domain lies in one of them. */
  readonly zones: readonly ObservedZone[];
  /** Names of every zone that the token can see. Default: those of `zones`. */
  readonly visibleZones?: readonly string[] | undefined;
  readonly identity: StackIdentity;
  readonly workersDevHost?: string | undefined;
  readonly publishedSettings?: PlannedProgram["publishedSettings"];
}

/** A program with its whole plan. */
export interface PlanAgainst extends PlannedProgram {
  readonly plan: ProgramPlan;
}

/** Plans domains against zones that are at hand, without a network. */
export function planAgainst(input: PlanAgainstInput): PlanAgainst {
  const { domains, zones, identity, workersDevHost, publishedSettings } = input;
  const visibleZones = input.visibleZones ?? zones.map(({ name }) => name);
  const plan = planProgram({
    domains: deriveWishes(domains, {
      zoneOf: (domain) => closestZone(domain, zones)?.name ?? domain,
      visibleZones,
      workersDevHost,
    }),
    zones,
    visibleZones,
    identity,
    scriptName: workerName(identity),
  });
  return { domains, zones, visibleZones, plan, identity, workersDevHost, publishedSettings };
}
