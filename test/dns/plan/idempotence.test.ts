import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { DeployedRecords } from "../../../src/dns/comparison/compare-records.ts";
import type { ObservedZone } from "../../../src/dns/observed-zone.ts";
import { planProgram, type ProgramPlan } from "../../../src/dns/plan/plan-program.ts";
import type { RecordAction } from "../../../src/dns/planned-record.ts";
import type { MailDomain } from "../../../src/spec/mail-domain.ts";
import { observedZone } from "../observed-zone.ts";
import { allPlanned, applyPlan, deployedBy } from "./apply-plan.ts";
import { livingZone } from "./living-zone.ts";
import { identity, mailDomain, wantedOf } from "./sample-wish.ts";

const file = {
  spf: "v=spf1 mx -all",
  dmarc: "v=DMARC1; p=none",
  mx: [{ host: "mail.example.com" }],
  caa: {},
};

test(
  "a plan that is carried out leaves nothing to do, whatever the zone held and its problems asked for",
  { timeout: 30_000 },
  () => {
    const actions = new Set<RecordAction>();
    fc.assert(
      fc.property(livingZone, (records) => {
        const zone = observedZone(records, { recordQuota: 1000 });
        const { spec, made } = mend(zone);
        fc.pre(made.problems.length === 0);
        for (const { action } of allPlanned(made)) actions.add(action);
        const after = applyPlan(zone, made);
        for (const deployed of [undefined, deployedBy(made, [after])]) {
          const again = planOf(spec, after, deployed);
          expect(again.problems).toEqual([]);
          expect(allPlanned(again).filter(({ action }) => action !== "keep")).toEqual([]);
          expect(allPlanned(again).filter(({ importId }) => importId !== undefined)).toEqual([]);
          const plans = [...again.domains.values()];
          expect(plans.flatMap(({ comparisons }) => comparisons).filter((one) => one.hasDrifted)).toEqual([]);
          const displaced = plans.flatMap(({ displacements }) => displacements);
          expect(displaced.flatMap(({ deleted, overwritten }) => [...deleted, ...overwritten])).toEqual([]);
          expect(allPlanned(again).map(({ comment }) => comment)).toEqual(
            allPlanned(made).map(({ comment }) => comment),
          );
        }
      }),
      { numRuns: 300 },
    );
    expect(actions).toEqual(new Set(["create", "adopt", "replace"]));
  },
);

/** Writes into the file what the plan's problems offer, as an operator would. */
function mend(zone: ObservedZone): { readonly spec: MailDomain; readonly made: ProgramPlan } {
  const lists = { adopt: [] as string[], replace: [] as string[] };
  for (let round = 0; ; round += 1) {
    const spec = mailDomain({ ...file, ...lists });
    const made = planOf(spec, zone);
    const offers = made.problems.filter(({ adopt, replace }) => adopt !== undefined || replace !== undefined);
    if (offers.length === 0 || round === 5) return { spec, made };
    lists.adopt.push(...offers.flatMap(({ adopt }) => adopt ?? []));
    lists.replace.push(...offers.flatMap(({ replace }) => replace ?? []));
  }
}

function planOf(domain: MailDomain, zone: ObservedZone, deployed?: DeployedRecords): ProgramPlan {
  return planProgram({
    domains: [{ domain, wanted: wantedOf(domain) }],
    zones: [zone],
    visibleZones: [zone.name],
    identity,
    scriptName: "script",
    deployed,
  });
}
