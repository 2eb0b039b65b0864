import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { DeployedRecords } from "../comparison/compare-records.ts";
import { findLeftovers, type AliasTargets } from "../comparison/leftovers.ts";
import type { ObservedRecord, ObservedZone } from "../observed-zone.ts";
import { ownerOf, parseOwnership, type StackIdentity } from "../ownership.ts";
import type { PlanNotice, PlanProblem } from "../planned-record.ts";
import { derivePublicationHosts } from "../publication-hosts.ts";
import { auditPlan } from "../rules/audit-plan.ts";
import { recordsAfter } from "../rules/zone-after.ts";
import { analyseWildcards } from "../wildcard/analyse-wildcards.ts";
import { answerProbe } from "../wildcard/answer-probe.ts";
import { deriveTombstones } from "../wildcard/derive-tombstones.ts";
import {
  renderWildcardIssue,
  renderWildcardIssues,
  renderWildcardReport,
} from "../wildcard/render-wildcard-report.ts";
import type { WildcardReport } from "../wildcard/wildcard-report.ts";
import { indexZoneNames, type ZoneNames } from "../wildcard/zone-names.ts";
import type { WantedRecord } from "../wanted-record.ts";
import { judgeViolations } from "./judge-violations.ts";
import { keepFormerDigest } from "./keep-former-digest.ts";
import { leaveOutProxied } from "./leave-out-proxied.ts";
import { planRecords, type RecordPlan } from "./plan-records.ts";
import { reconcileDomains } from "./reconcile-domains.ts";
import { disagreeingMailHosts } from "./shared-mail-hosts.ts";
import { recordEntry, showObserved } from "./show-record.ts";

export interface ProgramInput {
  readonly domains: readonly {
    readonly domain: MailDomain;
    readonly wanted: readonly WantedRecord[];
    /** Names at which the certificate's challenges stand for a moment: `_acme-challenge.<name>`. */
    readonly challengeNames?: readonly string[] | undefined;
  }[];
  /** Every zone that holds one of the wanted records, and its state before the change. */
  readonly zones: readonly ObservedZone[];
  /** Names of every zone that the token can see. */
  readonly visibleZones: readonly string[];
  readonly identity: StackIdentity;
  /** The program's own Worker. */
  readonly scriptName: string;
  /** What the stack's state holds; undefined where it is not known. */
  readonly deployed?: DeployedRecords | undefined;
  /** Texts of the digests of the PACC documents that were published last, by domain, as far as the state tells. */
  readonly publishedDigests?: ReadonlyMap<string, string> | undefined;
  /** What is known of names outside the zones. */
  readonly targets?: AliasTargets | undefined;
}

/** The plan of one domain, ready to be made. */
export interface DomainPlan extends Pick<RecordPlan, "planned" | "displacements" | "comparisons"> {
  readonly domain: string;
  readonly wildcards: WildcardReport | undefined;
}

/** What a program is about to do to its zones. */
export interface ProgramPlan {
  /** By domain. */
  readonly domains: ReadonlyMap<string, DomainPlan>;
  /** Every reason why it cannot be done; nothing may be changed while there is one. */
  readonly problems: readonly PlanProblem[];
  readonly notices: readonly PlanNotice[];
}

/** Plans all domains of a program against their zones as they are, and finds everything that stands against it. */
export function planProgram(input: ProgramInput): ProgramPlan {
  const { zones, identity } = input;
  const zoneOf = (name: string): ObservedZone | undefined => closestZone(name, zones);
  const reachable = input.domains.map(({ domain, wanted }) => ({
    domain,
    ...leaveOutProxied(
      domain.domain,
      keepFormerDigest(
        domain.domain,
        wanted,
        zoneOf(domain.domain)?.records ?? [],
        identity,
        input.publishedDigests?.get(domain.domain),
      ),
      zones,
      input.visibleZones,
    ),
  }));
  const reconciled = reconcileDomains(
    reachable.map(({ domain, wanted }) => ({
      domain,
      wanted: [...wanted, ...tombstones(domain, wanted, zoneOf(domain.domain), identity)],
    })),
  );
  const plans = reconciled.wishes.map(({ domain, wanted }) => ({
    domain,
    plan: planRecords({ domain, wanted, zones, identity, deployed: input.deployed }),
  }));
  const planned = plans.flatMap(({ plan }) => plan.planned);
  const after = new Map(zones.map((zone) => [zone.name, recordsAfter(zone, planned)]));
  const names = new Map([...after].map(([name, records]) => [name, indexZoneNames(name, records)]));
  const wildcards = new Map(
    input.domains.map(({ domain, challengeNames = [] }) => {
      const zone = zoneOf(domain.domain);
      if (zone === undefined) return [domain.domain, undefined];
      const report = analyseWildcards({
        domain,
        zone: zone.name,
        before: zone.records,
        after: after.get(zone.name) ?? [],
        transient: challengeNames,
        own: plans
          .find(({ domain: { domain: name } }) => name === domain.domain)
          ?.plan.planned.map(({ record }) => record.name),
      });
      return [domain.domain, report];
    }),
  );
  const violations = auditPlan({
    zones,
    visibleZones: input.visibleZones,
    planned,
    hosts: input.domains.flatMap(({ domain }) => {
      const zone = zoneOf(domain.domain)?.name;
      return zone === undefined
        ? []
        : derivePublicationHosts(domain, zone).map((host) => ({ ...host, zone }));
    }),
    scriptName: input.scriptName,
  });
  const judged = judgeViolations(
    violations,
    plans.map(({ domain: { domain }, plan }) => ({
      domain,
      zone: zoneOf(domain)?.name,
      planned: plan.planned,
    })),
  );
  return {
    domains: new Map(
      plans.map(({ domain, plan }) => [
        domain.domain,
        {
          domain: domain.domain,
          planned: plan.planned,
          displacements: plan.displacements,
          comparisons: plan.comparisons,
          wildcards: wildcards.get(domain.domain),
        },
      ]),
    ),
    problems: [
      ...disagreeingMailHosts(input.domains.map(({ domain }) => domain)),
      ...reconciled.problems,
      ...plans.flatMap(({ plan }) => plan.problems),
      ...judged.problems,
      ...[...wildcards].flatMap(([domain, report]) => wildcardProblems(domain, report)),
    ],
    notices: [
      ...reachable.flatMap(({ notices }) => notices),
      ...reconciled.notices,
      ...plans.flatMap(({ plan }) => plan.notices),
      ...judged.notices,
      ...[...wildcards].flatMap(([domain, report]) => wildcardNotices(domain, report)),
      ...plans.flatMap(({ domain, plan }) => leftovers(domain, plan, input, names)),
    ],
  };
}

/** Tombstones are decided from what others put into the zone: what this stack made is made anew, or goes. */
function tombstones(
  domain: MailDomain,
  wanted: readonly WantedRecord[],
  zone: ObservedZone | undefined,
  identity: StackIdentity,
): readonly WantedRecord[] {
  if (zone === undefined) return [];
  const others = zone.records.filter(({ comment }) => parseOwnership(comment)?.owner !== ownerOf(identity));
  return deriveTombstones(domain, zone.name, others, wanted);
}

function wildcardProblems(domain: string, report: WildcardReport | undefined): readonly PlanProblem[] {
  return (report?.problems ?? []).map((issue) => ({
    code: "wildcard",
    domain,
    subject: "loss" in issue ? issue.loss.name : issue.caught.name,
    message: renderWildcardIssue(issue),
    remedy: WILDCARD_REMEDY[issue.code],
  }));
}

const WILDCARD_REMEDY: Readonly<Record<WildcardReport["problems"][number]["code"], string>> = {
  "discovery-name-caught":
    "Give the name a record of its own, take the wildcard away, or set wildcard: allow.",
  "guess-name-caught": "Give them records of their own, or take the wildcard away.",
  "service-name-caught": "Give them records of their own, or take the wildcard away.",
  "guess-name-taken": "Leave the name out of guessNames to keep what the wildcard said.",
  "name-lost": "Give the name a record of its own, or name it in wildcard: { accept: [...] }.",
  "types-lost": "Give the name a record of its own, or name it in wildcard: { accept: [...] }.",
};

function wildcardNotices(domain: string, report: WildcardReport | undefined): readonly PlanNotice[] {
  if (report === undefined) return [];
  const told = new Set(
    [...report.problems, ...report.warnings].flatMap((issue) => ("caught" in issue ? issue.caught : [])),
  );
  // What stays caught is said once, as the warning or problem that it is.
  const caught = report.caught.filter((each) => each.now !== "still-wildcard" || !told.has(each));
  return [
    ...renderWildcardReport({ ...report, caught, problems: [], warnings: [] }).map((message) => ({
      level: "info" as const,
      domain,
      message,
    })),
    ...[...Map.groupBy(report.warnings, ({ code }) => code)].flatMap(([code, issues]) =>
      renderWildcardIssues(issues).map((line) => ({
        level: "warning" as const,
        domain,
        message: `${line}. ${WILDCARD_REMEDY[code]}`,
      })),
    ),
  ];
}

/** Leftovers that the plan itself does not meet: they are said, never touched. */
function leftovers(
  domain: MailDomain,
  plan: RecordPlan,
  { zones, targets }: ProgramInput,
  names: ReadonlyMap<string, ZoneNames>,
): readonly PlanNotice[] {
  const zone = closestZone(domain.domain, zones);
  if (zone === undefined) return [];
  const exists = (name: string): boolean => {
    const index = names.get(closestZone(name, zones)?.name ?? "");
    return index === undefined || answerProbe(index, name, "A").kind !== "absent";
  };
  const met = new Set(
    plan.comparisons.flatMap(({ inTheWay, match }) => [...inTheWay, ...(match === undefined ? [] : [match])]),
  );
  return findLeftovers(zone, { domain: domain.domain, preset: domain.preset.name, zones, targets, exists })
    .filter(({ record }) => !met.has(record) && !isOurs(record))
    .map(({ record, reason, isDeadAlias }) => ({
      level: "warning",
      domain: domain.domain,
      message: isDeadAlias
        ? `${recordEntry(record)} leads nowhere (${reason}): whoever gets that name answers for this one. Remove the record: ${showObserved(record)}.`
        : `${recordEntry(record)} looks left by ${reason}: ${showObserved(record)}. Remove it once nothing uses it.`,
    }));
}

function isOurs({ comment }: ObservedRecord): boolean {
  return parseOwnership(comment) !== undefined;
}
