import { findChallengeName, type ZonedChallengeStore } from "../challenges/challenge-delegation.ts";
import type { AcmeService, CaaAnswer, Clock, DnsLookup } from "../ports.ts";
import { findRelevantCaa, judgeCaa } from "./preflight-caa.ts";
import type { PreflightFinding } from "./preflight-finding.ts";
import { checkNameCount, checkSameSetQuota } from "./preflight-limits.ts";

/** All looks together: a preflight takes little of an issuance's 180 s. Milliseconds. */
const LOOK_LIMIT_MS = 25_000;

/**
 * CAA records that forbid are looked at again: the same update may have written others a moment ago, and Cloudflare's servers take about 5 s
 * to give what its API has. Milliseconds, and times.
 */
const CAA_INTERVAL_MS = 4000;
const CAA_LOOKS = 3;

export interface PreflightRequest {
  /** Normalised (`normaliseNames`). */
  readonly names: readonly string[];
  readonly profile?: string | undefined;
  /** Undefined or empty where it is not known yet. */
  readonly accountUrl?: string | undefined;
  /** ISO times of the last certificates with exactly these names. */
  readonly issuedAt?: readonly string[] | undefined;
  /** True for a renewal inside its ARI window that names its predecessor: the CA's limits do not apply. */
  readonly isExempt?: boolean | undefined;
}

export interface PreflightPorts {
  readonly acme: Pick<AcmeService, "directoryUrl" | "directory">;
  readonly challenges: ZonedChallengeStore;
  readonly clock: Clock;
  /** Absent: nothing is looked up. */
  readonly lookup?: DnsLookup | undefined;
}

interface Look {
  readonly lookup: DnsLookup;
  readonly challenges: ZonedChallengeStore;
  readonly signal: AbortSignal;
}

/**
 * Looks before an order for what would make it fail, so that no try is spent on it: too many names, the CA's limit for one set of
 * names, a challenge that is delegated to where nothing can be published, DNSSEC that does not validate, CAA records that forbid the CA.
 * A look that fails is a warning, never a failure.
 */
export async function preflight(
  request: PreflightRequest,
  ports: PreflightPorts,
  signal: AbortSignal,
): Promise<readonly PreflightFinding[]> {
  const { caaIdentities } = await ports.acme.directory(signal);
  const limits = {
    names: request.names,
    profile: request.profile,
    directoryUrl: ports.acme.directoryUrl,
    identities: caaIdentities,
    issuedAt: request.issuedAt ?? [],
    isExempt: request.isExempt ?? false,
    now: ports.clock.now(),
  };
  const known = [...checkNameCount(limits), ...checkSameSetQuota(limits)];
  if (ports.lookup === undefined) return known;
  const look = {
    lookup: ports.lookup,
    challenges: ports.challenges,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_LIMIT_MS)]),
  };
  const identifiers = [...new Set(request.names.map(withoutWildcard))];
  const caaLook = checkCaa(request, caaIdentities, look);
  const looked = await Promise.all([
    ...identifiers.map((identifier) => checkDelegation(identifier, look)),
    ...onePerZone(identifiers, look).map((identifier) => checkDnssec(identifier, look)),
  ]);
  const beside = [...known, ...looked.flat()];
  const caa = await caaLook;
  const isWorthwhile = !beside.some(isFailure);
  const settled = isWorthwhile ? await settleCaa(caa, request, caaIdentities, ports.clock, look) : caa;
  signal.throwIfAborted();
  return [...beside, ...settled];
}

async function checkDelegation(identifier: string, look: Look): Promise<readonly PreflightFinding[]> {
  const { challenges } = look;
  const found = await attempt(() => findChallengeName(identifier, look, look.signal));
  if (!found.ok) return [couldNotLook(identifier, "an alias of its challenge", found.reason)];
  const { challengeName } = found.value;
  const remedy = `Point the CNAME at ${challengeName} at one name in a zone that the token can edit, or give the token that zone.`;
  if (found.value.state === "broken") {
    const chain = found.value.chain.join(" -> ");
    const message = `The CNAMEs at ${challengeName} lead nowhere: ${chain}.`;
    return [{ code: "delegation-broken", severity: "fail", name: identifier, message, remedy }];
  }
  const { recordName } = found.value;
  if (challenges.zoneOf === undefined || challenges.zoneOf(recordName) !== undefined) return [];
  if (recordName === challengeName) {
    return [
      {
        code: "no-editable-zone",
        severity: "fail",
        name: identifier,
        message: `No zone that the token can edit holds ${challengeName}, and it is no CNAME into one.`,
        remedy: `Make ${challengeName} a CNAME to a name in a zone that the token can edit, or leave ${identifier} out of the certificate.`,
      },
    ];
  }
  const message = `${challengeName} is a CNAME to ${recordName}, which is in no zone that the token can edit.`;
  return [{ code: "delegated-elsewhere", severity: "fail", name: identifier, message, remedy }];
}

async function checkDnssec(identifier: string, look: Look): Promise<readonly PreflightFinding[]> {
  const found = await attempt(() => look.lookup.dnssec(identifier, look.signal));
  // A resolver that cannot tell is common and says nothing of the zone.
  if (!found.ok || found.value !== "bogus") return [];
  return [
    {
      code: "dnssec-bogus",
      severity: "fail",
      name: identifier,
      message: `The DNSSEC signatures of ${identifier} do not validate, and CAs refuse such a zone (CA/B Forum ballot SC-085v2, since 2026-03-15).`,
      remedy:
        "Make the DS record at the registrar the one that the zone's DNS host shows, or remove it, and wait for its TTL.",
    },
  ];
}

/** Looks again while the CAA records forbid; where something else stops the order, that would only cost time. */
async function settleCaa(
  first: readonly PreflightFinding[],
  request: PreflightRequest,
  identities: readonly string[],
  clock: Clock,
  look: Look,
): Promise<readonly PreflightFinding[]> {
  let findings = first;
  for (let left = CAA_LOOKS - 1; left > 0 && findings.some(isFailure); left -= 1) {
    const slept = await attempt(() => clock.sleep(CAA_INTERVAL_MS, look.signal));
    if (!slept.ok) break;
    findings = await checkCaa(request, identities, look);
  }
  return findings;
}

async function checkCaa(
  { names, accountUrl }: PreflightRequest,
  identities: readonly string[],
  { lookup, signal }: Look,
): Promise<readonly PreflightFinding[]> {
  if (identities.length === 0) return [];
  // The names of one certificate share most of their parents.
  const asked = new Map<string, Promise<CaaAnswer>>();
  const ask = async (name: string): Promise<CaaAnswer> => {
    const answer = asked.get(name) ?? lookup.caa(name, signal);
    asked.set(name, answer);
    return await answer;
  };
  const findings = await Promise.all(
    names.map(async (name): Promise<PreflightFinding | undefined> => {
      const found = await attempt(() => findRelevantCaa(withoutWildcard(name), ask));
      if (!found.ok) return couldNotLook(name, "its CAA records", found.reason);
      if (found.value.state === "unknown") {
        return couldNotLook(name, `the CAA records at ${found.value.at}`, found.value.reason);
      }
      if (found.value.state === "absent") return undefined;
      const { at, records } = found.value;
      const verdict = judgeCaa(records, {
        identities,
        accountUrl: accountUrl === "" ? undefined : accountUrl,
        isWildcard: name.startsWith("*."),
        method: "dns-01",
      });
      return verdict.allowed ? undefined : caaForbids(name, at, verdict.reason, identities);
    }),
  );
  return findings.filter((each) => each !== undefined);
}

function caaForbids(
  name: string,
  at: string,
  reason: string,
  identities: readonly string[],
): PreflightFinding {
  return {
    code: "caa-forbids",
    severity: "fail",
    name,
    message: `The CAA records at ${at} forbid the CA to issue for ${name}: ${reason}.`,
    remedy: `Allow "${identities[0] ?? ""}" at ${at} in the way the message names, then run the update again once the former records' TTL is over.`,
  };
}

/** One identifier of each zone that is known to us; names of unknown zones each for themselves. */
function onePerZone(identifiers: readonly string[], { challenges }: Look): readonly string[] {
  const zoneOf = (name: string): string => challenges.zoneOf?.(name) ?? name;
  return [...new Map(identifiers.map((each) => [zoneOf(each), each])).values()];
}

function couldNotLook(name: string, what: string, reason: string): PreflightFinding {
  return {
    code: "could-not-look",
    severity: "warn",
    name,
    message: `Could not look for ${what} (${name}): ${reason}`,
    remedy: "Check that a DNS resolver can be reached from here; the order goes on.",
  };
}

function isFailure({ severity }: PreflightFinding): boolean {
  return severity === "fail";
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function withoutWildcard(name: string): string {
  return name.startsWith("*.") ? name.slice(2) : name;
}
