import { MailAutodiscoverError } from "../../errors.ts";
import type { AcmeAuthorization, AcmeOrder, AcmeService, Clock } from "../ports.ts";

/** How long to wait between two looks at an order where the CA names no time. */
interface Pace {
  /** The first intervals, in milliseconds; the last of them grows. */
  readonly intervalsMs: readonly number[];
  readonly growth: number;
}

/**
 * Two looks soon, for what was validated meanwhile (a CA that remembers, a test CA), then about one a second: a public CA validates from
 * several places, which takes a second or two, and each look is a signed request.
 */
const VALIDATION: Pace = { intervalsMs: [15, 150, 1000], growth: 1 };

/** Signing takes milliseconds to seconds, and a CA that takes long says so by Retry-After (Let's Encrypt: 3 s). */
const ISSUANCE: Pace = { intervalsMs: [15], growth: 2 };

const LONGEST_OWN_INTERVAL_MS = 5000;

/** The CA's Retry-After is honoured up to here; some CAs have asked for a day (acme.sh#6221). */
const LONGEST_ASKED_INTERVAL_MS = 30_000;

export interface StatusPorts {
  readonly acme: AcmeService;
  readonly clock: Clock;
}

/**
 * Waits until an order whose challenges are all answered has all its proofs, and returns it as it is then. Only the order is polled, however
 * many names it has; the authorizations are read where it became invalid, since they know the reasons.
 *
 * @throws MailAutodiscoverError `acme-challenge-failed`, with each failed name's reason; `acme-refused` where no name failed
 */
export async function awaitProof(
  order: AcmeOrder,
  ports: StatusPorts,
  signal: AbortSignal,
): Promise<AcmeOrder> {
  const seen = await poll(order, ({ status }) => status !== "pending", VALIDATION, ports, signal);
  if (seen.status !== "invalid") return seen;
  const authorizations: AcmeAuthorization[] = [];
  for (const url of order.authorizationUrls)
    authorizations.push(await ports.acme.getAuthorization(url, signal));
  const failed = authorizations.filter(({ status }) => status !== "pending" && status !== "valid");
  throw failed.length > 0 ? challengeFailed(failed) : orderInvalid(seen);
}

/**
 * Polls a finalized order until it is valid, and returns it as it is then. An answer that says so already costs no request.
 *
 * @throws MailAutodiscoverError `acme-refused` where the order became invalid
 */
export async function awaitIssuance(
  order: AcmeOrder,
  ports: StatusPorts,
  signal: AbortSignal,
): Promise<AcmeOrder> {
  const isOver = ({ status }: AcmeOrder): boolean => status === "valid" || status === "invalid";
  const seen = isOver(order) ? order : await poll(order, isOver, ISSUANCE, ports, signal);
  if (seen.status === "invalid") throw orderInvalid(seen);
  return seen;
}

async function poll(
  order: AcmeOrder,
  isOver: (order: AcmeOrder) => boolean,
  { intervalsMs, growth }: Pace,
  { acme, clock }: StatusPorts,
  signal: AbortSignal,
): Promise<AcmeOrder> {
  let current = order;
  let own = 0;
  for (let look = 0; ; look += 1) {
    own = Math.min(intervalsMs[look] ?? own * growth, LONGEST_OWN_INTERVAL_MS);
    // What a new order's answer asked for was said before there was anything to wait for.
    const asked = look === 0 && order.status === "pending" ? 0 : (current.retryAfterMs ?? 0);
    await clock.sleep(interval(asked, own), signal);
    current = await acme.getOrder(order.url, signal);
    if (isOver(current)) return current;
  }
}

/** The name as it stands on the certificate. */
export function authorizedName(authorization: AcmeAuthorization): string {
  return authorization.isWildcard ? `*.${authorization.identifier}` : authorization.identifier;
}

/** The error of authorizations that cannot become valid any more: a challenge has one try, then it takes a new order. */
export function challengeFailed(failed: readonly AcmeAuthorization[]): MailAutodiscoverError {
  const reasons = failed.map((each) => {
    const reason = each.challenges.map((challenge) => challenge.failure).find((text) => text !== undefined);
    return `${authorizedName(each)}: ${reason ?? `the authorization is ${each.status}`}`;
  });
  return new MailAutodiscoverError(
    "acme-challenge-failed",
    `The CA could not validate ${reasons.join("; ")}.`,
    {
      remedy:
        "Compare what the CA saw with the zone (delegation, DNSSEC, stale TXT records, CAA), then run the update again; five failures an hour are the limit.",
      retryable: true,
    },
  );
}

function orderInvalid(order: AcmeOrder): MailAutodiscoverError {
  return new MailAutodiscoverError(
    "acme-refused",
    `The CA gave the order ${order.url} up: ${order.failure ?? "no reason given"}.`,
    { remedy: "Read the CA's reason, correct it, and run the update again: that makes a new order." },
  );
}

function interval(askedMs: number, ownMs: number): number {
  return askedMs > 0 ? Math.min(askedMs, LONGEST_ASKED_INTERVAL_MS) : ownMs;
}
