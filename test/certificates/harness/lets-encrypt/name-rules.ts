import { problemAnswer, readOrderPayload } from "../acme-request.ts";
import type { GateRule } from "../gate-exchange.ts";

/** Names of the profiles that Let's Encrypt limits to 25 (https://letsencrypt.org/docs/profiles/, verified 2026-11-23). */
const SMALL_PROFILES: ReadonlySet<string> = new Set(["tlsserver", "shortlived"]);

/** Returns the names that a wildcard of the same list covers, by the rule of boulder `ra/ra.go` `wildcardOverlap`. */
export function redundantNames(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  return names.filter((name) => !name.startsWith("*.") && all.has(`*.${name.split(".").slice(1).join(".")}`));
}

/** A name beside the wildcard that covers it is refused at newOrder; Pebble takes both. */
export const refuseRedundantNames: GateRule = {
  before: ({ kind, payload }) => {
    if (kind !== "newOrder") return undefined;
    const [name] = redundantNames(readOrderPayload(payload).names);
    if (name === undefined) return undefined;
    return problemAnswer(
      400,
      "malformed",
      `Domain name "${name}" is redundant with a wildcard domain in the same request. Remove one or the other from the certificate request.`,
    );
  },
};

/** More than 25 names with one of the small profiles, or more than 100 with any, are refused; Pebble takes any number. */
export const refuseManyNames: GateRule = {
  before: ({ kind, payload }) => {
    if (kind !== "newOrder") return undefined;
    const { names, profile } = readOrderPayload(payload);
    const limit = SMALL_PROFILES.has(profile ?? "") ? 25 : 100;
    if (names.length <= limit) return undefined;
    return problemAnswer(400, "malformed", `Order cannot contain more than ${limit} identifiers`);
  },
};
