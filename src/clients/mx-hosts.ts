import type { Trace } from "./trace.ts";

/** Asks for the MX records of a domain; returns the hosts, most preferred first, none for a null MX (RFC 7505). */
export async function mxHosts(trace: Trace, domain: string): Promise<readonly string[]> {
  const answer = await trace.resolve("MX", domain, "MX");
  return (answer.state === "found" ? answer.data : [])
    .map((line) => line.split(" "))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, host = ""]) => host)
    .filter((host) => host !== "" && host !== ".");
}
