import { showObserved } from "../../dns/plan/show-record.ts";
import type { ObservedRecord, ObservedZone } from "../../dns/observed-zone.ts";
import { parseOwnership } from "../../dns/ownership.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import type { ReleaseTarget } from "./release-target.ts";

/** A record that bears an ownership comment. */
export interface OwnedRecord {
  readonly record: ObservedRecord;
  /** `<project>/<stack>`, as the comment shows it. */
  readonly owner: string;
}

/**
 * Returns the records that `release` means: those at the name, of the type and the owner where they are given, that bear
 * an ownership comment. Never none, and never of two owners.
 *
 * @throws MailAutodiscoverError `record-not-found` where there are none, `usage` where the owner must be named
 */
export function requireOwnedRecords(
  zone: ObservedZone,
  target: ReleaseTarget,
  owner: string | undefined,
): readonly OwnedRecord[] {
  const there = zone.records.filter(({ name }) => name === target.name);
  const owned = there.flatMap((record): OwnedRecord[] => {
    const ownership = parseOwnership(record.comment);
    return ownership === undefined ? [] : [{ record, owner: ownership.owner }];
  });
  const meant = owned.filter(
    (each) =>
      (target.type === undefined || each.record.type === target.type) &&
      (owner === undefined || each.owner === owner),
  );
  if (meant.length === 0) throw nothingOwned(zone, target, owner, there);
  const owners = [...new Set(meant.map((each) => each.owner))];
  if (owners.length > 1) {
    throw new MailAutodiscoverError(
      "usage",
      `The records at ${target.name} belong to different stacks:\n${list(meant.map(({ record }) => record))}`,
      { remedy: `Add --stack with one of: ${owners.join(", ")}.` },
    );
  }
  return meant;
}

/** Renders records for a message, one line each. */
export function list(records: readonly ObservedRecord[]): string {
  return records
    .map((record) => {
      const comment = record.comment === undefined ? "no comment" : `comment "${record.comment}"`;
      return `  ${showObserved(record)}, ${comment}`;
    })
    .join("\n");
}

function nothingOwned(
  zone: ObservedZone,
  target: ReleaseTarget,
  owner: string | undefined,
  there: readonly ObservedRecord[],
): MailAutodiscoverError {
  const type = target.type === undefined ? "" : `/${target.type}`;
  const whose = owner === undefined ? "an ownership comment" : `an ownership comment of ${owner}`;
  const found =
    there.length === 0 ? `The zone ${zone.name} holds nothing at that name.` : `There stand:\n${list(there)}`;
  return new MailAutodiscoverError(
    "record-not-found",
    `No record ${target.name}${type} bears ${whose}. ${found}`,
    {
      remedy:
        there.length === 0
          ? "Check the name; a record that is gone needs no release."
          : "Name another record or stack; a record without an ownership comment can be adopted as it is.",
    },
  );
}
