import { ispdbUrl } from "./autoconfig-urls.ts";
import type { Trace } from "./trace.ts";

const ISPDB = `GET ${ispdbUrl("")}`;

/**
 * Notes what a client's success rests on: whatever the world did not know so far is taken to hold nothing for the client.
 * To be called before steps that decide nothing.
 */
export function assumeAbsent(trace: Trace): void {
  for (const { target, effect } of trace.steps) {
    if (effect !== "unknown") continue;
    trace.assume(
      target.startsWith(ISPDB)
        ? `Thunderbird's database does not list ${target.slice(ISPDB.length)}`
        : `${target.replace(/\?.*$/, "")} finds nothing`,
    );
  }
}
