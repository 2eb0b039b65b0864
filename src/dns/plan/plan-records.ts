import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import {
  compareRecords,
  type DeployedRecords,
  type RecordComparison,
} from "../comparison/compare-records.ts";
import type { ObservedRecord, ObservedZone } from "../observed-zone.ts";
import { ownershipComment, type StackIdentity } from "../ownership.ts";
import type { Displacement, PlannedRecord, PlanNotice, PlanProblem } from "../planned-record.ts";
import type { WantedRecord } from "../wanted-record.ts";
import { decideRecord, type Decision } from "./decide-record.ts";
import { mergeShared } from "./merge-shared.ts";
import { namesRecord } from "./record-names.ts";
import { recordEntry } from "./show-record.ts";

export interface PlanRecordsInput {
  readonly domain: MailDomain;
  readonly wanted: readonly WantedRecord[];
  readonly zones: readonly ObservedZone[];
  readonly identity: StackIdentity;
  /** What the stack's state holds; undefined where it is not known. */
  readonly deployed?: DeployedRecords | undefined;
}

/** What is done about the records of one domain, and what stands against it. */
export interface RecordPlan {
  readonly planned: readonly PlannedRecord[];
  readonly displacements: readonly Displacement[];
  readonly comparisons: readonly RecordComparison[];
  readonly problems: readonly PlanProblem[];
  readonly notices: readonly PlanNotice[];
}

/**
 * Plans the records of a domain against the zones as they are. A living record of somebody else is touched only where
 * the domain file names it in `adopt` or `replace`; every one that is not named is a problem of the plan.
 */
export function planRecords(input: PlanRecordsInput): RecordPlan {
  const { domain, zones, identity } = input;
  const zoneOf = (name: string): ObservedZone | undefined => closestZone(name, zones);
  const wanted = mergeShared(input.wanted, zoneOf, domain, identity);
  const comparisons = [...Map.groupBy(wanted, ({ name }) => zoneOf(name))].flatMap(([zone, records]) =>
    compareRecords(records, zone ?? { unknown: "no zone that the token can see holds it" }, {
      identity,
      preset: domain.preset.name,
      deployed: input.deployed,
    }),
  );
  const taken = new Set<string>();
  const decisions = comparisons.map((comparison) => {
    const decision = decideRecord(comparison, domain, { taken, deployed: input.deployed });
    if (decision.kind === "take") for (const { id } of takenBy(decision)) taken.add(id);
    return { comparison, decision };
  });
  return {
    planned: decisions.flatMap(({ comparison, decision }) => {
      const zone = zoneOf(comparison.record.name);
      return decision.kind !== "take" || zone === undefined
        ? []
        : [plan(comparison, decision, zone, identity)];
    }),
    displacements: displacements(decisions, domain, zoneOf),
    comparisons,
    problems: decisions.flatMap(({ decision }) => (decision.kind === "refuse" ? [decision.problem] : [])),
    notices: [
      ...decisions.flatMap(({ decision }) => decision.notices),
      ...unusedEntries(domain, input.wanted),
    ],
  };
}

type Taking = Extract<Decision, { kind: "take" }>;

function takenBy(decision: Taking): readonly ObservedRecord[] {
  return decision.imports === undefined ? decision.displaces : [decision.imports, ...decision.displaces];
}

function plan(
  { record, match, hasDrifted }: RecordComparison,
  { action, imports, isAdopted, displaces }: Taking,
  zone: ObservedZone,
  identity: StackIdentity,
): PlannedRecord {
  const theirs = isAdopted ? (imports ?? match) : undefined;
  const saysTheSame = theirs !== undefined && theirs === match && !hasDrifted;
  return {
    record,
    zone: { id: zone.id, name: zone.name },
    action,
    importId: imports === undefined ? undefined : `${zone.id}/${imports.id}`,
    keptId: action === "keep" ? match?.id : undefined,
    comment: ownershipComment(identity, record.logicalName, { isAdopted }),
    retainOnDelete: isAdopted,
    ttlSeconds: theirs?.ttl,
    content: saysTheSame && record.type === "TXT" ? theirs.content : undefined,
    displaces,
  };
}

/** One displacement for each name that `replace` allows to be cleared, whether there is still something to clear or not. */
function displacements(
  decisions: readonly { readonly comparison: RecordComparison; readonly decision: Decision }[],
  domain: MailDomain,
  zoneOf: (name: string) => ObservedZone | undefined,
): readonly Displacement[] {
  const replaced = decisions.filter(({ comparison }) =>
    domain.replace.some((entry) => namesRecord(entry, comparison.record, domain.domain)),
  );
  return [...Map.groupBy(replaced, ({ comparison }) => comparison.record.name)].flatMap(([name, group]) => {
    const zone = zoneOf(name);
    if (zone === undefined) return [];
    const taking = group.flatMap(({ decision }) => (decision.kind === "take" ? [decision] : []));
    return [
      {
        logicalName: `${domain.domain}/displaced/${name}`,
        zone: { id: zone.id, name: zone.name },
        name,
        deleted: taking.flatMap(({ displaces }) => displaces),
        overwritten: taking.flatMap(({ action, imports }) =>
          action === "replace" && imports !== undefined ? [imports] : [],
        ),
      },
    ];
  });
}

/** An entry that means nothing is most often a slip of the pen; it does no harm, so it is said and no more. */
function unusedEntries(domain: MailDomain, wanted: readonly WantedRecord[]): PlanNotice[] {
  return (["adopt", "replace"] as const).flatMap((list) =>
    domain[list]
      .filter((entry) => !wanted.some((record) => namesRecord(entry, record, domain.domain)))
      .map((entry) => ({
        level: "warning" as const,
        domain: domain.domain,
        message: `${list}: ${recordEntry(entry)} names no record that ${domain.domain} wants.`,
      })),
  );
}
