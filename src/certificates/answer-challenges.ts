import { MailAutodiscoverError } from "../errors.ts";
import { awaitPropagation } from "./await-propagation.ts";
import { authorizedName, awaitAuthorizations, challengeFailed } from "./await-status.ts";
import type { ReportProgress } from "./issuance-progress.ts";
import type {
  AcmeAuthorization,
  AcmeChallenge,
  AcmeOrder,
  AcmeService,
  ChallengeStore,
  Clock,
  PropagationCheck,
  PublishedChallenge,
} from "./ports.ts";

/** A TXT record of ours that is older belongs to a run that died: no run lasts longer than its limit of 180 s. */
const STALE_AFTER_MS = 60 * 60 * 1000;

/** For the clean-up, which has to work when the caller's signal is aborted already. */
const CLEANUP_LIMIT_MS = 30_000;

export interface ChallengePorts {
  readonly acme: AcmeService;
  readonly challenges: ChallengeStore;
  readonly propagation: PropagationCheck;
  readonly clock: Clock;
  readonly report: ReportProgress;
}

interface OpenChallenge {
  readonly authorization: AcmeAuthorization;
  readonly challenge: AcmeChallenge;
  /** The owner name of the TXT record; an apex and its wildcard share it. */
  readonly name: string;
  readonly value: string;
}

/**
 * Proves to the CA that the order's names are ours, by dns-01: all TXT records first, then a look at every authoritative server, then
 * all challenges, since an apex and its wildcard want two values at one name. The records are removed again in any case; where the
 * proof fails, what is still pending is deactivated, which sets the predecessor of a renewal free (`replaces`).
 */
export async function answerChallenges(
  order: AcmeOrder,
  propagationTimeoutMs: number,
  ports: ChallengePorts,
  signal: AbortSignal,
): Promise<void> {
  const published: PublishedChallenge[] = [];
  let isProven = false;
  try {
    const open = await openChallenges(order, ports, signal);
    if (open.length > 0) {
      const values = Map.groupBy(open, (each) => each.name);
      await sweep([...values.keys()], ports, signal);
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
    isProven = true;
  } finally {
    const limit = AbortSignal.timeout(CLEANUP_LIMIT_MS);
    await removeChallenges(published, ports, limit);
    if (!isProven) await deactivatePending(order, ports, limit);
  }
}

async function openChallenges(
  order: AcmeOrder,
  { acme, report }: ChallengePorts,
  signal: AbortSignal,
): Promise<readonly OpenChallenge[]> {
  const open: OpenChallenge[] = [];
  for (const url of order.authorizationUrls) {
    const authorization = await acme.getAuthorization(url, signal);
    if (authorization.status === "valid") {
      report({ kind: "already-authorized", name: authorizedName(authorization) });
      continue;
    }
    if (authorization.status !== "pending") throw challengeFailed([authorization]);
    // Unknown challenge types (dns-persist-01 and those to come) are none of our business.
    const challenge = authorization.challenges.find((each) => each.type === "dns-01");
    if (challenge === undefined) throw noDnsChallenge(authorization);
    const name = `_acme-challenge.${authorization.identifier}`;
    open.push({ authorization, challenge, name, value: await acme.challengeValue(challenge) });
  }
  return open;
}

async function complete(
  open: readonly OpenChallenge[],
  { acme, clock, report }: ChallengePorts,
  signal: AbortSignal,
): Promise<void> {
  report({ kind: "validating", names: open.map((each) => authorizedName(each.authorization)) });
  for (const { challenge } of open) {
    // A resumed order's challenge may be in the CA's hands already.
    if (challenge.status !== "pending") continue;
    await acme.completeChallenge(challenge.url, signal);
  }
  const urls = open.map((each) => each.authorization.url);
  await awaitAuthorizations(urls, (name) => report({ kind: "authorized", name }), { acme, clock }, signal);
}

async function sweep(names: readonly string[], ports: ChallengePorts, signal: AbortSignal): Promise<void> {
  const olderThan = new Date(ports.clock.now().getTime() - STALE_AFTER_MS);
  await attempt("remove stale challenge records", ports, async () => {
    const count = await ports.challenges.sweep(names, olderThan, signal);
    if (count > 0) ports.report({ kind: "swept", count });
  });
  signal.throwIfAborted();
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
async function attempt(action: string, { report }: ChallengePorts, work: () => Promise<void>): Promise<void> {
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
