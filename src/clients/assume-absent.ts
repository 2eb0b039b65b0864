import { ispdbUrl } from "./autoconfig-urls.ts";
import type { Trace } from "./trace.ts";

/**
 * Notes what a client's success rests on: whatever the world did not know so far is taken to hold nothing for the client.
 * To be called before steps that decide nothing.
 */
export function assumeAbsent(trace: Trace, domain: string): void {
  for (const { target, effect } of trace.steps) {
    if (effect !== "unknown") continue;
    trace.assume(
      target.endsWith(ispdbUrl(domain))
        ? `Thunderbird's database does not list ${domain}`
        : `${target.replace(/\?.*$/, "")} finds nothing`,
    );
  }
}
