import { MailAutodiscoverError } from "../../errors.ts";
import { awaitPropagation } from "./await-propagation.ts";
import { authorizedName, awaitProof, challengeFailed } from "../order/await-status.ts";
import type { ZonedChallengeStore } from "./challenge-delegation.ts";
import { chooseChallenge, openDns01, type ChallengeStrategy } from "./challenge-strategy.ts";
import type { ReportProgress } from "../order/issuance-progress.ts";
import type {
  AcmeAuthorization,
  AcmeChallenge,
  AcmeOrder,
  AcmeService,
  Clock,
  DnsLookup,
  PropagationCheck,
  PublishedChallenge,
} from "../ports.ts";

/** A TXT record of ours that is older belongs to a run that died: no run lasts longer than its limit of 180 s. */
const STALE_AFTER_MS = 60 * 60 * 1000;

/** For the clean-up, which has to work when the caller's signal is aborted already. */
const CLEANUP_LIMIT_MS = 30_000;

export interface ChallengePorts {
  readonly acme: AcmeService;
  readonly challenges: ZonedChallengeStore;
  readonly propagation: PropagationCheck;
  readonly clock: Clock;
  readonly report: ReportProgress;
  /** Finds where a name's challenge is delegated to; absent, every record stands at the name itself. */
  readonly lookup?: DnsLookup | undefined;
}

interface OpenChallenge {
  readonly authorization: AcmeAuthorization;
  readonly challenge: AcmeChallenge;
  /** The owner name of the TXT record; an apex and its wildcard share it, and so do names that are delegated to one target. */
  readonly name: string;
  readonly value: string;
}

/**
 * Proves to the CA that the order's names are ours, by dns-01: all TXT records first, then a look at every authoritative server, then
 * all challenges, since an apex and its wildcard want two values at one name. The records are removed again in any case; where the
 * proof fails, what is still pending is deactivated, which sets the predecessor of a renewal free (`replaces`).
 *
 * @returns the order as it was seen last: `ready`, or finalized already
 */
export async function answerChallenges(
  order: AcmeOrder,
  propagationTimeoutMs: number,
  ports: ChallengePorts,
  signal: AbortSignal,
): Promise<AcmeOrder> {
  const published: PublishedChallenge[] = [];
  let isProven = false;
  try {
    const strategies = [openDns01(ports)];
    const authorizations = await readAuthorizations(order, ports, signal);
    // Names that need no proof this time may bear records of a run that died, too.
    await sweep(await recordNames(authorizations, strategies, signal), ports, signal);
    const open = await openChallenges(authorizations, strategies, ports, signal);
    if (open.length > 0) {
      const values = Map.groupBy(open, (each) => each.name);
      for (const [name, group] of values) {
        const records = await ports.challenges.publish(
          name,
          [...new Set(group.map((each) => each.value))],
          signal,
        );
        published.push(...records);
        ports.report({ kind: "published", name, count: records.length });
      }
      const wanted = new Map([...values].map(([name, group]) => [name, group.map((each) => each.value)]));
      await awaitPropagation(wanted, propagationTimeoutMs, ports, signal);
      await complete(open, ports, signal);
    }
    const proven = await awaitProof(order, ports, signal);
    for (const { authorization } of open)
      ports.report({ kind: "authorized", name: authorizedName(authorization) });
    isProven = true;
    return proven;
  } finally {
    const limit = AbortSignal.timeout(CLEANUP_LIMIT_MS);
    await removeChallenges(published, ports, limit);
    if (!isProven) await deactivatePending(order, ports, limit);
  }
}

/**
 * Removes what runs that died left at the challenge names of a certificate, delegated ones included: for an order that needs no proof, and
 * for a certificate that is given up. What fails is only told.
 *
 * @param names as they stand on the certificate
 */
export async function sweepChallenges(
  names: readonly string[],
  ports: Omit<ChallengePorts, "propagation">,
  signal: AbortSignal,
): Promise<void> {
  const identifiers = [...new Set(names.map((name) => name.replace(/^\*\./u, "")))];
  const strategies = [openDns01(ports)];
  await sweep(
    await recordNames(
      identifiers.map((identifier) => ({ identifier })),
      strategies,
      signal,
    ),
    ports,
    signal,
  );
}

async function readAuthorizations(
  order: AcmeOrder,
  { acme }: ChallengePorts,
  signal: AbortSignal,
): Promise<readonly AcmeAuthorization[]> {
  const authorizations: AcmeAuthorization[] = [];
  for (const url of order.authorizationUrls) authorizations.push(await acme.getAuthorization(url, signal));
  return authorizations;
}

async function openChallenges(
  authorizations: readonly AcmeAuthorization[],
  strategies: readonly ChallengeStrategy[],
  { report }: ChallengePorts,
  signal: AbortSignal,
): Promise<readonly OpenChallenge[]> {
  const open: OpenChallenge[] = [];
  for (const authorization of authorizations) {
    if (authorization.status === "valid") {
      report({ kind: "already-authorized", name: authorizedName(authorization) });
      continue;
    }
    if (authorization.status !== "pending") throw challengeFailed([authorization]);
    const chosen = chooseChallenge(authorization.challenges, strategies);
    if (chosen === undefined) throw noDnsChallenge(authorization);
    const { challenge, strategy } = chosen;
    const name = await strategy.recordName(authorization, signal);
    open.push({ authorization, challenge, name, value: await strategy.recordValue(challenge) });
  }
  return open;
}

/** All at once, since a resolver that stays silent takes seconds a name. A name whose aliases lead nowhere has no record to look for. */
async function recordNames(
  authorizations: readonly Pick<AcmeAuthorization, "identifier">[],
  strategies: readonly ChallengeStrategy[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = await Promise.all(
    strategies.flatMap((strategy) =>
      authorizations.map((each) => strategy.recordName(each, signal).catch(() => undefined)),
    ),
  );
  signal.throwIfAborted();
  return [...new Set(names.filter((name) => name !== undefined))];
}

async function complete(
  open: readonly OpenChallenge[],
  { acme, report }: ChallengePorts,
  signal: AbortSignal,
): Promise<void> {
  report({ kind: "validating", names: open.map((each) => authorizedName(each.authorization)) });
  for (const { challenge } of open) {
    // A resumed order's challenge may be in the CA's hands already.
    if (challenge.status !== "pending") continue;
    await acme.completeChallenge(challenge.url, signal);
  }
}

async function sweep(
  names: readonly string[],
  ports: Pick<ChallengePorts, "challenges" | "clock" | "report">,
  signal: AbortSignal,
): Promise<void> {
  const olderThan = new Date(ports.clock.now().getTime() - STALE_AFTER_MS);
  // Each name by itself: one in a zone that cannot be read must not keep the others.
  for (const name of names) {
    await attempt(`remove stale challenge records at ${name}`, ports, async () => {
      const count = await ports.challenges.sweep([name], olderThan, signal);
      if (count > 0) ports.report({ kind: "swept", count });
    });
    signal.throwIfAborted();
  }
}

async function removeChallenges(
  published: readonly PublishedChallenge[],
  ports: ChallengePorts,
  limit: AbortSignal,
): Promise<void> {
  if (published.length === 0) return;
  await attempt("remove the challenge records", ports, () => ports.challenges.remove(published, limit));
}

async function deactivatePending(order: AcmeOrder, ports: ChallengePorts, limit: AbortSignal): Promise<void> {
  const { acme } = ports;
  await attempt("deactivate the pending authorizations", ports, async () => {
    for (const url of order.authorizationUrls) {
      const { status } = await acme.getAuthorization(url, limit);
      if (status === "pending") await acme.deactivateAuthorization(url, limit);
    }
  });
}

/** The clean-up must not hide why it was needed: its own failure is only told. */
async function attempt(
  action: string,
  { report }: Pick<ChallengePorts, "report">,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    report({
      kind: "warning",
      message: `Could not ${action}: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function noDnsChallenge(authorization: AcmeAuthorization): MailAutodiscoverError {
  const offered = authorization.challenges.map((each) => each.type).join(", ");
  return new MailAutodiscoverError(
    "acme-refused",
    `The CA offers no dns-01 challenge for ${authorizedName(authorization)}, only: ${offered}.`,
    { remedy: "Choose a CA that validates by DNS." },
  );
}
