/** What the engine makes of a plan: the zone afterwards, as the API would give it. */
import type { DeployedRecords } from "../../../src/dns/comparison/compare-records.ts";
import type { ObservedRecord, ObservedZone } from "../../../src/dns/observed-zone.ts";
import { ownerOf, ownershipHash, parseOwnership } from "../../../src/dns/ownership.ts";
import type { ProgramPlan } from "../../../src/dns/plan/plan-program.ts";
import type { PlannedRecord } from "../../../src/dns/planned-record.ts";
import { buildRecordArguments } from "../../../src/dns/record-arguments.ts";
import { identity } from "./sample-wish.ts";

/**
 * Returns the zone after `up`: what is displaced is gone, imported records are changed in place, new ones have ids and our
 * comment, kept ones are as they were, and what this stack no longer wants is deleted unless it was adopted.
 */
export function applyPlan(zone: ObservedZone, plan: ProgramPlan): ObservedZone {
  const planned = allPlanned(plan).filter((one) => one.zone.id === zone.id);
  const displaced = planned.flatMap(({ displaces }) => displaces.map(({ id }) => id));
  const imported = planned.flatMap(({ importId }) => importId?.split("/")[1] ?? []);
  const keys = planned.flatMap(({ record }) => [record.logicalName, ...record.formerLogicalNames]);
  const hashes = new Set(keys.map(ownershipHash));
  const staying = zone.records.filter(({ id, comment }) => {
    const ownership = parseOwnership(comment);
    const isOurs = ownership?.owner === ownerOf(identity);
    const isLetGo = isOurs && !hashes.has(ownership.hash) && !ownership.isAdopted;
    return !displaced.includes(id) && !imported.includes(id) && !isLetGo;
  });
  const made = planned.filter(({ action }) => action !== "keep").map(observedForm);
  return { ...zone, records: [...staying, ...made] };
}

/** Returns what the stack's state holds after `up`. */
export function deployedBy(plan: ProgramPlan, zones: readonly ObservedZone[]): DeployedRecords {
  const records = zones.flatMap((zone) => zone.records);
  return new Map(
    allPlanned(plan).map(({ record, comment }) => {
      const id = records.find((observed) => observed.comment === comment)?.id ?? "gone";
      return [record.logicalName, { id, comment }];
    }),
  );
}

export function allPlanned(plan: ProgramPlan): readonly PlannedRecord[] {
  return [...plan.domains.values()].flatMap(({ planned }) => planned);
}

function observedForm(planned: PlannedRecord): ObservedRecord {
  const { record, comment, ttlSeconds, content, importId } = planned;
  const { data, ...rest } = buildRecordArguments(record, { comment, ttlSeconds, content });
  const fields = data === undefined ? {} : { data: { ...data } };
  const text =
    data === undefined
      ? (rest.content ?? "")
      : "target" in data
        ? `${data.weight} ${data.port} ${data.target}`
        : `${data.flags} ${data.tag} "${data.value}"`;
  return { ...rest, ...fields, content: text, id: importId?.split("/")[1] ?? `made-${record.logicalName}` };
}
