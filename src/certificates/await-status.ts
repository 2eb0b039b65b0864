import { MailAutodiscoverError } from "../errors.ts";
import type { AcmeAuthorization, AcmeOrder, AcmeService, Clock } from "./ports.ts";

/** Where the CA names no time: the first look soon, since most validations take a second or two. */
const FIRST_INTERVAL_MS = 250;
const LONGEST_OWN_INTERVAL_MS = 5000;

/** The CA's Retry-After is honoured up to here; some CAs have asked for a day (acme.sh#6221). */
const LONGEST_ASKED_INTERVAL_MS = 30_000;

export interface StatusPorts {
  readonly acme: AcmeService;
  readonly clock: Clock;
}

/** Polls the authorizations until all are valid. @throws MailAutodiscoverError `acme-challenge-failed`, with each failed name's reason */
export async function awaitAuthorizations(
  urls: readonly string[],
  onValid: (name: string) => void,
  { acme, clock }: StatusPorts,
  signal: AbortSignal,
): Promise<void> {
  let open = urls;
  let own = FIRST_INTERVAL_MS;
  for (;;) {
    const looked: AcmeAuthorization[] = [];
    for (const url of open) looked.push(await acme.getAuthorization(url, signal));
    const failed = looked.filter((each) => each.status !== "pending" && each.status !== "valid");
    if (failed.length > 0) throw challengeFailed(failed);
    for (const each of looked) if (each.status === "valid") onValid(authorizedName(each));
    const pending = looked.filter((each) => each.status === "pending");
    if (pending.length === 0) return;
    open = pending.map((each) => each.url);
    const asked = Math.max(0, ...pending.map((each) => each.retryAfterMs ?? 0));
    await clock.sleep(interval(asked, own), signal);
    own = Math.min(own * 2, LONGEST_OWN_INTERVAL_MS);
  }
}

/**
 * Polls an order until it has one of the wanted statuses, and returns it as it is then.
 *
 * @throws MailAutodiscoverError `acme-refused` where the order became invalid
 */
export async function awaitOrder(
  order: AcmeOrder,
  wanted: readonly AcmeOrder["status"][],
  { acme, clock }: StatusPorts,
  signal: AbortSignal,
): Promise<AcmeOrder> {
  let current = order;
  let own = FIRST_INTERVAL_MS;
  while (!wanted.includes(current.status)) {
    if (current.status === "invalid") throw orderInvalid(current);
    await clock.sleep(interval(current.retryAfterMs ?? 0, own), signal);
    own = Math.min(own * 2, LONGEST_OWN_INTERVAL_MS);
    current = await acme.getOrder(order.url, signal);
  }
  return current;
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
