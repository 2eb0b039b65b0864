import { problemAnswer, readOrderPayload, requestAccount } from "../acme-request.ts";
import type { GateRule } from "../gate-exchange.ts";
import type { OrderBook } from "./order-book.ts";

/** Certificates for the same set of names in seven days (https://letsencrypt.org/docs/rate-limits/, verified 2026-11-23). */
const SAME_SET_LIMIT = 5;

/** Seconds: one more of the five every 34 hours. */
export const SAME_SET_RETRY_SECONDS: number = 122_400;

/**
 * The sixth certificate for one set of names in seven days is a rate limit, across accounts. Stricter than the service, which exempts
 * an order that lies inside its predecessor's renewal window.
 */
export function limitIdenticalSets(): GateRule {
  const issued = new Map<string, number>();
  const orders = new Map<string, string>();
  return {
    before: ({ kind, payload }) => {
      if (kind !== "newOrder") return undefined;
      const set = readOrderPayload(payload).names.join(",");
      if ((issued.get(set) ?? 0) < SAME_SET_LIMIT) return undefined;
      const until = new Date(Date.now() + SAME_SET_RETRY_SECONDS * 1000).toISOString();
      const time = until.slice(0, 19).replace("T", " ");
      return problemAnswer(
        429,
        "rateLimited",
        `too many certificates (${SAME_SET_LIMIT}) already issued for this exact set of identifiers in the last 168h0m0s, retry after ${time} UTC: see https://letsencrypt.org/docs/rate-limits/#new-certificates-per-exact-set-of-identifiers`,
        { "retry-after": String(SAME_SET_RETRY_SECONDS) },
      );
    },
    after: (request, answer) => {
      const id = (path: string): string => path.split("/").at(-1) ?? "";
      if (request.kind === "newOrder" && answer.status === 201)
        orders.set(id(answer.headers["location"] ?? ""), readOrderPayload(request.payload).names.join(","));
      if (request.kind !== "finalize" || answer.status !== 200) return;
      const set = orders.get(id(request.path)) ?? "";
      issued.set(set, (issued.get(set) ?? 0) + 1);
    },
  };
}

/** A paused name is said as a rate limit without a time, with the address of its owner's way out (boulder `probs.Paused`). */
export function pauseNames(paused: ReadonlySet<string>): GateRule {
  return {
    before: ({ kind, payload }) => {
      if (kind !== "newOrder") return undefined;
      const name = readOrderPayload(payload).names.find((each) => paused.has(each));
      if (name === undefined) return undefined;
      return problemAnswer(
        429,
        "rateLimited",
        `Your account is temporarily prevented from requesting certificates for ${name} and possibly others. Please visit: https://ca.test/sfe/v1/unpause?jwt=token`,
      );
    },
  };
}

/** While an order that names a predecessor is open or done, no other may name it (boulder `sa/saro.go`); Pebble asks only for done ones. */
export function blockReplacedTwice(book: OrderBook): GateRule {
  return {
    before: ({ kind, payload }) => {
      const { replaces } = readOrderPayload(payload);
      if (kind !== "newOrder" || replaces === undefined) return undefined;
      const other = book.find(
        (order) => order.replaces === replaces && (book.isOpen(order) || order.status === "valid"),
      );
      if (other === undefined) return undefined;
      return problemAnswer(
        409,
        "alreadyReplaced",
        `While validating ARI 'replaces' field :: cannot indicate an order replaces certificate with serial "…", which already has a replacement order`,
      );
    },
  };
}

/** An open order of the same account, profile and names is given back (boulder `ra/ra.go` `NewOrder`); Pebble makes another. */
export function reuseOrders(book: OrderBook): GateRule {
  return {
    before: (request) => {
      if (request.kind !== "newOrder") return undefined;
      const { names, profile } = readOrderPayload(request.payload);
      const account = requestAccount(request);
      const same = book.find(
        (order) =>
          (order.status === "pending" || order.status === "ready") &&
          order.account === account &&
          order.profile === profile &&
          order.names.join() === names.join(),
      );
      if (same === undefined) return undefined;
      return {
        status: 201,
        headers: { "content-type": "application/json", location: same.url },
        body: same.body,
      };
    },
  };
}
