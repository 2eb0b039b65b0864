import { DISCOVERY_LABELS } from "../../spec/discovery-labels.ts";
import { isWithin } from "../../spec/host-name.ts";
import type { MailDomain, WildcardPolicy } from "../../spec/mail-domain.ts";
import { answerProbe } from "./answer-probe.ts";
import { deriveProbes, type Probe } from "./client-probes.ts";
import { isTombstone } from "./derive-tombstones.ts";
import { findLosses, uniqueAnswers } from "./find-losses.ts";
import { followAlias } from "./follow-alias.ts";
import type { CaughtName, Exposure, WildcardIssue, WildcardLoss, WildcardReport } from "./wildcard-report.ts";
import { indexZoneNames, parentOf, type ZoneNames } from "./zone-names.ts";
import { customDomainRecords, type ZoneRecord } from "./zone-record.ts";

export interface AnalyseWildcardsInput {
  readonly domain: MailDomain;
  /** The zone that holds the domain. */
  readonly zone: string;
  /** The zone as it is. */
  readonly before: readonly ZoneRecord[];
  /** The zone as it will be: without what is displaced, with new records and tombstones. */
  readonly after: readonly ZoneRecord[];
  /**
   * Names of the domain's own wanted records, so that two domains of a zone do not both report what one of them takes from a
   * wildcard. Default: every record that is new.
   */
  readonly own?: readonly string[] | undefined;
  /** Default: the domain's own. */
  readonly policy?: WildcardPolicy | undefined;
  /** Names of challenge records (`_acme-challenge.<name>`), which come and go with each issuance. */
  readonly transient?: readonly string[] | undefined;
}

/** Says what wildcards do to the names that clients ask of a domain, and what the domain's records do to the wildcards. */
export function analyseWildcards(input: AnalyseWildcardsInput): WildcardReport {
  const { domain, zone } = input;
  const policy = input.policy ?? domain.wildcard;
  const planned = [...input.after, ...customDomainRecords(domain, zone)];
  const before = indexZoneNames(zone, input.before);
  const after = indexZoneNames(zone, planned);
  const during = indexZoneNames(zone, [...planned, ...(input.transient ?? []).map(challengeRecord)]);
  const probes = deriveProbes(domain).filter(({ name }) => isWithin(name, zone));
  const caught = findCaught(domain, probes, before, after);
  const { accept } = policy;
  const made = customDomainRecords(domain, zone).map(({ name }) => name);
  const own = input.own === undefined ? undefined : [...input.own, ...made];
  const losses = [
    ...findLosses({ before, after, accept, own, isTransient: false }),
    ...findLosses({ before: after, after: during, accept, isTransient: true }),
  ];
  const taken = caught.filter((one) => isTaken(one, before, after));
  const issues = [
    ...caught.flatMap((one) => caughtIssue(one, domain, policy)),
    ...taken.map((one): Weighed => weighed("warning", { code: "guess-name-taken", caught: one })),
    ...losses.flatMap(lossIssue),
  ];
  return {
    wildcards: wildcardsAbove(probes, before, after),
    caught,
    losses,
    problems: issues.filter(({ weight }) => weight === "problem").map(({ issue }) => issue),
    warnings: issues.filter(({ weight }) => weight === "warning").map(({ issue }) => issue),
  };
}

function challengeRecord(name: string): ZoneRecord {
  return { name, type: "TXT", content: "", proxied: false };
}

function findCaught(
  domain: MailDomain,
  probes: readonly Probe[],
  before: ZoneNames,
  after: ZoneNames,
): readonly CaughtName[] {
  const answered = probes.filter(({ name, type }) => answerProbe(before, name, type).kind === "wildcard");
  const groups = Map.groupBy(answered, ({ name, role }) => `${name} ${role}`);
  return [...groups.values()].flatMap((group): CaughtName[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { name, role } = first;
    const owner = answerProbe(before, name, first.type).owner ?? "";
    const steps = group.flatMap(({ type }) => followAlias(before, name, type).steps);
    return [
      {
        name,
        role,
        types: group.map(({ type }) => type),
        owner,
        answers: uniqueAnswers(steps.flatMap(({ answer }) => answer.records)),
        exposure: exposureOf(first, domain.domain),
        now: stateOf(group, after),
      },
    ];
  });
}

function stateOf(group: readonly Probe[], after: ZoneNames): CaughtName["now"] {
  if (group.some(({ name, type }) => answerProbe(after, name, type).kind === "wildcard"))
    return "still-wildcard";
  const records = after.nodes.get(group[0]?.name ?? "") ?? [];
  if (records.length === 0) return "blocked";
  return records.every(isTombstone) ? "tombstone" : "explicit";
}

function exposureOf({ name, type, role }: Probe, domain: string): Exposure {
  const isAddress = type === "A" || type === "AAAA";
  if (["autoconfig", "ua-auto-config", "_ua-auto-config"].some((label) => name === `${label}.${domain}`)) {
    return "settings";
  }
  if (role === "policy" || type === "MX" || name === `mta-sts.${domain}`) return "delivery";
  return isAddress ? "password" : "settings";
}

/** True where a guessed name led to other addresses until now: a program that uses it by name would notice. */
function isTaken({ name, role, now }: CaughtName, before: ZoneNames, after: ZoneNames): boolean {
  if (role !== "guess" || now !== "explicit") return false;
  const ends = (zone: ZoneNames): string =>
    ["A", "AAAA"]
      .flatMap((type) => followAlias(zone, name, type).steps.at(-1)?.answer.records ?? [])
      .map(({ content }) => content)
      .sort()
      .join(" ");
  return ends(before) !== ends(after);
}

interface Weighed {
  readonly weight: "problem" | "warning";
  readonly issue: WildcardIssue;
}

function weighed(weight: Weighed["weight"], issue: WildcardIssue): Weighed {
  return { weight, issue };
}

/**
 * A discovery name that stays caught is what the policy is about. Under `shadow` that is only right for the domain's own
 * name, where no tombstone may stand. A server's name is the operator's to judge: a working server may be behind it.
 */
function caughtIssue(caught: CaughtName, domain: MailDomain, { policy }: WildcardPolicy): Weighed[] {
  if (caught.now !== "still-wildcard") return [];
  switch (caught.role) {
    case "discovery": {
      const isLabel = DISCOVERY_LABELS.some((label) => caught.name === `${label}.${domain.domain}`);
      const isProblem = policy === "forbid" || (policy === "shadow" && isLabel);
      return [weighed(isProblem ? "problem" : "warning", { code: "discovery-name-caught", caught })];
    }
    case "guess":
      return [weighed("warning", { code: "guess-name-caught", caught })];
    case "service":
      return [weighed("warning", { code: "service-name-caught", caught })];
    default:
      // A text that does not begin as the policy does is no policy to anybody (RFC 8461 §3.1, RFC 9989).
      return [];
  }
}

function lossIssue(loss: WildcardLoss): Weighed[] {
  if (loss.accepted || loss.weight === "note") return [];
  return loss.weight === "problem"
    ? [weighed("problem", { code: "name-lost", loss })]
    : [weighed("warning", { code: "types-lost", loss })];
}

/** Returns the wildcards that stand beside the names on the way to a probed one: no other can ever answer for it. */
function wildcardsAbove(probes: readonly Probe[], before: ZoneNames, after: ZoneNames): readonly string[] {
  const parents = new Set<string>();
  for (const { name } of probes) {
    for (let current = name; current !== before.apex; current = parentOf(current)) {
      parents.add(parentOf(current));
    }
  }
  return [...parents]
    .map((parent) => `*.${parent}`)
    .filter((wildcard) => [before, after].some((zone) => (zone.nodes.get(wildcard) ?? []).length > 0))
    .sort();
}
