import type { CaaRecord } from "node:dns";
import { Resolver } from "node:dns/promises";
import { problemAnswer, requestAccount } from "../acme-request.ts";
import type { GateRule } from "../gate-exchange.ts";
import type { OrderBook } from "./order-book.ts";

export interface CaaRuleOptions {
  /** `ip:port` of the DNS that is asked. */
  readonly resolver: string;
  /** The CA's own names. */
  readonly identities: readonly string[];
}

/**
 * Refuses to finalize an order one of whose names does not allow the CA by CAA (RFC 8659 §4, RFC 8657 `accounturi`). Boulder looks at
 * validation and again at finalize; Pebble never does.
 */
export function requireCaa(book: OrderBook, options: CaaRuleOptions): GateRule {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([options.resolver]);
  return {
    before: async (request) => {
      if (request.kind !== "finalize") return undefined;
      const id = request.path.split("/").at(-1) ?? "";
      const order = book.find((each) => each.url.endsWith(`/${id}`));
      const account = requestAccount(request);
      for (const name of order?.names ?? []) {
        const records = await climb(resolver, name.replace(/^\*\./u, ""));
        if (isAllowed(records, name.startsWith("*."), options.identities, account)) continue;
        return problemAnswer(403, "caa", `CAA record for ${name} prevents issuance`);
      }
      return undefined;
    },
  };
}

/** The first name from here upwards that has CAA records decides (RFC 8659 §3). */
async function climb(resolver: Resolver, name: string): Promise<readonly CaaRecord[]> {
  const labels = name.split(".");
  for (let depth = 0; depth < labels.length; depth += 1) {
    const found = await resolver.resolveCaa(labels.slice(depth).join(".")).catch(nothingThere);
    if (found.length > 0) return found;
  }
  return [];
}

function nothingThere(error: NodeJS.ErrnoException): CaaRecord[] {
  if (error.code === "ENODATA" || error.code === "ENOTFOUND") return [];
  throw error;
}

function isAllowed(
  records: readonly CaaRecord[],
  isWildcard: boolean,
  identities: readonly string[],
  account: string | undefined,
): boolean {
  const wild = records.flatMap(({ issuewild }) => (issuewild === undefined ? [] : [issuewild]));
  const plain = records.flatMap(({ issue }) => (issue === undefined ? [] : [issue]));
  const values = isWildcard && wild.length > 0 ? wild : plain;
  if (values.length === 0) return true;
  return values.some((value) => {
    const [issuer = "", ...parameters] = value.split(";").map((part) => part.trim());
    const uris = parameters.filter((part) => part.startsWith("accounturi="));
    const uri = uris[0]?.slice("accounturi=".length);
    return identities.includes(issuer) && (uris.length === 0 || (uris.length === 1 && uri === account));
  });
}
