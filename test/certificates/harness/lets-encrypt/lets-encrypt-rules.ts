import type { GateRule } from "../gate-exchange.ts";
import { requireCaa, type CaaRuleOptions } from "./caa-rule.ts";
import { blockReplacedTwice, limitIdenticalSets, pauseNames, reuseOrders } from "./limit-rules.ts";
import { refuseManyNames, refuseRedundantNames } from "./name-rules.ts";
import { OrderBook } from "./order-book.ts";

export interface LetsEncryptOptions {
  /** Names that are paused; a test fills and empties it. */
  readonly paused?: ReadonlySet<string>;
  /** Given, CAA is checked at finalize. */
  readonly caa?: CaaRuleOptions;
}

/** Returns Let's Encrypt's rules that Pebble lacks. Each call has a memory of its own. */
export function letsEncryptRules(options: LetsEncryptOptions = {}): readonly GateRule[] {
  const book = new OrderBook();
  return [
    book,
    refuseRedundantNames,
    refuseManyNames,
    blockReplacedTwice(book),
    pauseNames(options.paused ?? new Set()),
    reuseOrders(book),
    limitIdenticalSets(),
    ...(options.caa === undefined ? [] : [requireCaa(book, options.caa)]),
  ];
}
