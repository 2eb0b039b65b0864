import type { MailDomain } from "../../spec/mail-domain.ts";
import type { DeployedRecord, DeployedRecords, RecordComparison } from "../comparison/compare-records.ts";
import { mergeSpf } from "../comparison/merge-spf.ts";
import type { ObservedRecord } from "../observed-zone.ts";
import { parseOwnership } from "../ownership.ts";
import type { PlanNotice, PlanProblem, RecordAction } from "../planned-record.ts";
import { parseTxt } from "../txt-text.ts";
import { namesRecord } from "./record-names.ts";
import { recordEntry, showObserved, showWanted } from "./show-record.ts";

/** What is done about one wanted record: it is taken into the plan, left out of it, or it stops the plan. */
export type Decision =
  | {
      readonly kind: "take";
      readonly action: RecordAction;
      /** The record of somebody else that becomes ours. */
      readonly imports: ObservedRecord | undefined;
      readonly isAdopted: boolean;
      readonly displaces: readonly ObservedRecord[];
      readonly notices: readonly PlanNotice[];
    }
  | { readonly kind: "leave"; readonly notices: readonly PlanNotice[] }
  | { readonly kind: "refuse"; readonly problem: PlanProblem; readonly notices: readonly PlanNotice[] };

interface Context {
  readonly comparison: RecordComparison;
  readonly domain: MailDomain;
  readonly isAdoptable: boolean;
  readonly isReplaceable: boolean;
  /** What is in the way and was not taken by another wanted record of the same set. */
  readonly inTheWay: readonly ObservedRecord[];
}

export interface DecideOptions {
  /** Ids that other records of the plan import or displace already. */
  readonly taken: ReadonlySet<string>;
  readonly deployed?: DeployedRecords | undefined;
}

/** Decides about one record. */
export function decideRecord(
  comparison: RecordComparison,
  domain: MailDomain,
  { taken, deployed }: DecideOptions,
): Decision {
  const { record } = comparison;
  const context: Context = {
    comparison,
    domain,
    isAdoptable: domain.adopt.some((entry) => namesRecord(entry, record, domain.domain)),
    isReplaceable: domain.replace.some((entry) => namesRecord(entry, record, domain.domain)),
    inTheWay: comparison.inTheWay.filter(({ id }) => !taken.has(id)),
  };
  const [leaving] = comparison.leaving;
  if (leaving !== undefined) return waitForOwn(context, leaving);
  const known = deployed?.get(record.logicalName);
  switch (comparison.state) {
    case "missing":
      return known === undefined ? take("create") : keepGone(context, known);
    case "match":
      return comparison.holder === "others" ? notKnown(context, known, takeOver(context)) : keep(context);
    case "conflict":
    case "stale":
      return context.comparison.match === undefined && context.inTheWay.length === 0
        ? take("create")
        : notKnown(context, known, clearTheWay(context));
    case "unknown":
      return refuse(context, "record-conflict", `cannot be looked at: ${comparison.reason ?? ""}`, {
        remedy: "Give the API token Zone / DNS / Edit for the zone that holds the name.",
      });
  }
}

/** Cloudflare refuses a CNAME beside an address, and the engine deletes what is no longer wanted last. */
function waitForOwn(context: Context, leaving: ObservedRecord): Decision {
  const { comparison, domain } = context;
  const { record } = comparison;
  if (record.isOptional === true) {
    const message = `${recordEntry(record)} follows with the next deployment: ${showObserved(leaving)} goes with this one.`;
    return { kind: "leave", notices: [{ level: "info", domain: domain.domain, message }] };
  }
  return refuse(
    context,
    "record-conflict",
    `would be refused while this stack's own record is there: ${showObserved(leaving)}.`,
    {
      remedy:
        "Deploy twice: first with the former record taken out of the domain file (guessNames: [] for the names of guessing clients), then with the new one.",
    },
  );
}

/** Ours stays ours; what others put beside it since is said, and removed only where `replace` names it. */
function keep(context: Context): Decision {
  const { comparison, domain, inTheWay, isReplaceable } = context;
  const { record, match, holder } = comparison;
  const notices = [
    ...(comparison.isChangedOutside && match !== undefined
      ? [
          warning(
            domain,
            `${recordEntry(record)} was changed outside to ${showObserved(match)}; "pulumi up --refresh" sets it back to ${showWanted(record)}.`,
          ),
        ]
      : []),
    ...(isReplaceable ? [] : inTheWay.map((other) => beside(context, other))),
  ];
  return take("keep", {
    isAdopted: holder === "adopted",
    displaces: isReplaceable ? inTheWay : [],
    notices,
  });
}

/** The engine would see nothing to do. */
function keepGone({ comparison, domain }: Context, known: DeployedRecord): Decision {
  const message = `${recordEntry(comparison.record)} was deleted outside (${known.id}); "pulumi up --refresh" makes it again.`;
  return take("keep", { notices: [warning(domain, message)] });
}

/**
 * An import under a name that the state knows by another id makes the engine replace the record, and then delete the
 * former one, which is not there any more: `up` would fail half-done.
 */
function notKnown(context: Context, known: DeployedRecord | undefined, decision: Decision): Decision {
  if (known === undefined || decision.kind !== "take" || decision.imports === undefined) return decision;
  return refuse(
    context,
    "record-conflict",
    `was deleted outside (${known.id}) and made again by somebody else: ${showObserved(decision.imports)}.`,
    { remedy: 'Run "pulumi refresh" first, which forgets the deleted one; then it can be taken over.' },
  );
}

/** Somebody else's record says the same. */
function takeOver(context: Context): Decision {
  const { comparison, domain, isAdoptable, isReplaceable, inTheWay } = context;
  const { record, match } = comparison;
  if (match === undefined) throw new RangeError("a match without a record");
  const displaces = isReplaceable ? inTheWay : [];
  const notices = isReplaceable ? [] : inTheWay.map((other) => beside(context, other));
  if (isAdoptable) return take("adopt", { imports: match, isAdopted: true, displaces, notices });
  if (isReplaceable) return take("replace", { imports: match, displaces, notices });
  if (record.isOptional === true) return leave(domain, record, match);
  return refuse(context, "record-exists", `exists already, made by somebody else: ${showObserved(match)}.`, {
    remedy: "Adopt it: it says what is wanted, only its comment changes.",
    adopt: [recordEntry(record)],
  });
}

/** Something else is in the way. */
function clearTheWay(context: Context): Decision {
  const { comparison, domain, isAdoptable, isReplaceable, inTheWay } = context;
  const { record, match } = comparison;
  const stacks = [...(match === undefined ? [] : [match]), ...inTheWay].filter(
    ({ comment }) => parseOwnership(comment) !== undefined,
  );
  const [claimed] = stacks;
  if (claimed !== undefined && comparison.holder === "orphan") {
    return refuse(
      context,
      "record-of-another-stack",
      `bears this stack's mark, but its state does not know it: ${showObserved(claimed)}.`,
      {
        remedy: `If no other copy of this stack's state holds it, run "mail-autodiscover release ${recordEntry(claimed)}", and adopt it.`,
        adopt: [recordEntry(record)],
      },
    );
  }
  if (claimed !== undefined) {
    return refuse(
      context,
      "record-of-another-stack",
      `bears the mark of another deployment, "${claimed.comment ?? ""}": ${showObserved(claimed)}.`,
      {
        remedy: `Take it out of the other stack; where no state knows it any more, run "mail-autodiscover release ${recordEntry(record)}" and adopt it.`,
      },
    );
  }
  const same = inTheWay.filter(({ type }) => type === record.type);
  const [first] = same;
  if (isReplaceable) {
    return take("replace", { imports: first, displaces: inTheWay.filter((other) => other !== first) });
  }
  if (record.isOptional === true && inTheWay[0] !== undefined) return leave(domain, record, inTheWay[0]);
  if (record.purpose === "spf" && isAdoptable && first !== undefined && inTheWay.length === 1) {
    // The wanted text was completed by theirs before.
    return take("adopt", { imports: first, isAdopted: true });
  }
  const found = inTheWay.map(showObserved).join("; ");
  const left = comparison.leftoverOf === undefined ? "" : `, left by ${comparison.leftoverOf}`;
  const entries = [...new Set(inTheWay.map(recordEntry))];
  if (record.type === "TXT" && record.purpose === "spf" && first !== undefined && inTheWay.length === 1) {
    const merged = mergeSpf(parseTxt(first.content), record.text);
    return refuse(context, "record-conflict", `is kept by somebody else: ${found}${left}.`, {
      remedy: `Adopt it, which makes it "${merged}"; or replace it by "${record.text}".`,
      adopt: [recordEntry(record)],
    });
  }
  const named = isAdoptable ? "is named in adopt, but says something else" : "is in the way";
  return refuse(context, "record-conflict", `${named}: ${found}${left}; wanted is ${showWanted(record)}.`, {
    remedy: "Replace it, or change the domain file so that it wants what stands there.",
    replace: entries,
  });
}

function take(
  action: RecordAction,
  options: Partial<Omit<Extract<Decision, { kind: "take" }>, "kind" | "action">> = {},
): Decision {
  return {
    kind: "take",
    action,
    imports: undefined,
    isAdopted: false,
    displaces: [],
    notices: [],
    ...options,
  };
}

function leave(domain: MailDomain, record: RecordComparison["record"], theirs: ObservedRecord): Decision {
  const message = `${record.name} is somebody else's and stays as it is: ${showObserved(theirs)}.`;
  return { kind: "leave", notices: [{ level: "info", domain: domain.domain, message }] };
}

function refuse(
  { comparison, domain }: Context,
  code: PlanProblem["code"],
  message: string,
  rest: Pick<PlanProblem, "remedy" | "adopt" | "replace">,
): Decision {
  const subject = recordEntry(comparison.record);
  return {
    kind: "refuse",
    problem: { code, domain: domain.domain, subject, message: `${subject} ${message}`, ...rest },
    notices: [],
  };
}

function beside({ comparison, domain }: Context, other: ObservedRecord): PlanNotice {
  return warning(
    domain,
    `${recordEntry(comparison.record)} has another record beside it, made by somebody else: ${showObserved(other)}. Clients may find either; "replace: [${recordEntry(other)}]" removes it.`,
  );
}

function warning(domain: MailDomain, message: string): PlanNotice {
  return { level: "warning", domain: domain.domain, message };
}
