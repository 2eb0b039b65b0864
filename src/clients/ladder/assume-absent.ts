import { ispdbUrl, thunderbirdDatabaseUrl } from "./autoconfig-urls.ts";
import type { Trace } from "./trace.ts";

const DATABASES: readonly string[] = [ispdbUrl(""), thunderbirdDatabaseUrl("")].map((url) => `GET ${url}`);

/**
 * Notes what a client's success rests on: whatever the world did not know so far is taken to hold nothing for the client.
 * To be called before steps that decide nothing.
 */
export function assumeAbsent(trace: Trace): void {
  for (const { target, effect } of trace.steps) {
    if (effect === "unknown") trace.assume(absenceOf(target));
  }
}

/** Says that there is nothing where a step looked. */
export function absenceOf(target: string): string {
  const database = DATABASES.find((start) => target.startsWith(start));
  return database === undefined
    ? `${target.replace(/\?.*$/, "")} finds nothing`
    : `Thunderbird's database does not list ${target.slice(database.length)}`;
}
