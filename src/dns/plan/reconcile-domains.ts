import type { MailDomain } from "../../spec/mail-domain.ts";
import { wantedRdata } from "../comparison/rdata.ts";
import { rivalTypes } from "../comparison/rivals.ts";
import type { PlanNotice, PlanProblem } from "../planned-record.ts";
import type { WantedRecord } from "../wanted-record.ts";
import { recordEntry, showWanted } from "./show-record.ts";

/** What one domain of a program wants. */
export interface DomainWish {
  readonly domain: MailDomain;
  readonly wanted: readonly WantedRecord[];
}

export interface Reconciled {
  readonly wishes: readonly DomainWish[];
  readonly problems: readonly PlanProblem[];
  readonly notices: readonly PlanNotice[];
}

/**
 * Settles what several domains of a program want at one name: what both want alike is made once; a name for guessing
 * clients yields to whatever another domain needs there; anything else is a problem of both files.
 */
export function reconcileDomains(wishes: readonly DomainWish[]): Reconciled {
  const problems: PlanProblem[] = [];
  const notices: PlanNotice[] = [];
  const dropped = new Set<WantedRecord>();
  const byName = Map.groupBy(
    wishes.flatMap(({ domain, wanted }) => wanted.map((record) => ({ domain, record }))),
    ({ record }) => record.name,
  );
  for (const group of byName.values()) {
    for (const [index, one] of group.entries()) {
      for (const other of group.slice(index + 1)) {
        if (one.domain === other.domain || dropped.has(one.record) || dropped.has(other.record)) continue;
        if (!exclude(one.record, other.record)) continue;
        if (isSame(one.record, other.record)) dropped.add(other.record);
        else if (one.record.isOptional === true || other.record.isOptional === true) {
          const [yielding, staying] = one.record.isOptional === true ? [one, other] : [other, one];
          dropped.add(yielding.record);
          notices.push({
            level: "info",
            domain: yielding.domain.domain,
            message: `${recordEntry(yielding.record)} is left out: ${staying.domain.domain} has the name for ${staying.record.type} ${showWanted(staying.record)}.`,
          });
        } else problems.push(disagreement(one, other));
      }
    }
  }
  return {
    wishes: wishes.map(({ domain, wanted }) => ({
      domain,
      wanted: wanted.filter((record) => !dropped.has(record)),
    })),
    problems,
    notices,
  };
}

interface Wish {
  readonly domain: MailDomain;
  readonly record: WantedRecord;
}

/** True where both cannot be made: as one record twice, or as two that cannot stand beside each other. */
function exclude(one: WantedRecord, other: WantedRecord): boolean {
  if (isSame(one, other)) return true;
  // The addresses of a shared mail host are one domain's to publish, as a set.
  if (one.purpose === "mail-host" && other.purpose === "mail-host") return false;
  if (one.type === "CAA" && other.type === "CAA") return false;
  if (one.type === "TXT" && other.type === "TXT") return one.purpose === other.purpose;
  return rivalTypes(one).includes(other.type) || rivalTypes(other).includes(one.type);
}

function isSame(one: WantedRecord, other: WantedRecord): boolean {
  return one.type === other.type && rdataOf(one) === rdataOf(other);
}

/** A record that waits for the account is told by what is known of it. */
function rdataOf(record: WantedRecord): string {
  return (
    wantedRdata(record) ??
    (record.type === "CAA" ? `${record.flags} ${record.tag} ${record.value}; accounturi` : "")
  );
}

function disagreement(one: Wish, other: Wish): PlanProblem {
  return {
    code: "domains-disagree",
    domain: one.domain.domain,
    subject: recordEntry(one.record),
    message: `${one.record.name} is wanted twice: ${one.domain.domain} wants ${one.record.type} ${showWanted(one.record)}, ${other.domain.domain} wants ${other.record.type} ${showWanted(other.record)}.`,
    remedy: `Make the files of ${one.domain.domain} and ${other.domain.domain} say the same.`,
  };
}
