import { namesHost, readMx } from "../../clients/service-records.ts";
import type { CheckSubject } from "./check.ts";

/** Returns the domain's mail exchangers, preferred first; empty where it has none, takes no mail, or could not be asked. */
export async function exchangersOf({ domain, world }: CheckSubject): Promise<readonly string[]> {
  const targets = readMx(await world.resolve(domain, "MX"));
  return targets.filter(namesHost).map(({ host }) => host);
}
