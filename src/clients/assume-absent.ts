import { ispdbUrl, thunderbirdDatabaseUrl } from "./autoconfig-urls.ts";
import type { Trace } from "./trace.ts";

/**
 * Notes what a client's success rests on: whatever the world did not know so far is taken to hold nothing for the client.
 * To be called before steps that decide nothing.
 */
export function assumeAbsent(trace: Trace, domain: string): void {
  for (const { target, effect } of trace.steps) {
    if (effect === "unknown") trace.assume(absenceOf(target, domain));
  }
}

/** Says that a place holds nothing: the target of a step, or its URL. */
export function absenceOf(target: string, domain: string): string {
  const isDatabase = [ispdbUrl(domain), thunderbirdDatabaseUrl(domain)].some((url) => target.endsWith(url));
  return isDatabase
    ? `Thunderbird's database does not list ${domain}`
    : `${target.replace(/\?.*$/, "")} finds nothing`;
}
