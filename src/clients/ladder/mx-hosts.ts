import { namesHost, readMx } from "./service-records.ts";
import type { Trace } from "./trace.ts";

/** Asks for the MX records of a domain; returns the hosts, most preferred first, none for a null MX (RFC 7505). */
export async function mxHosts(trace: Trace, domain: string): Promise<readonly string[]> {
  const targets = readMx(await trace.resolve("MX", domain, "MX"));
  return targets.filter(namesHost).map(({ host }) => host);
}
