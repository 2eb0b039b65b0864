import type { CheckSubject } from "./check.ts";

/** Returns the domain's mail exchangers, preferred first; empty where it has none, takes no mail, or could not be asked. */
export async function exchangersOf({ domain, world }: CheckSubject): Promise<readonly string[]> {
  const answer = await world.resolve(domain, "MX");
  if (answer.state !== "found") return [];
  return answer.data
    .map((data) => data.split(" "))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .flatMap(([, host]) => (host === undefined || host === "." ? [] : [host]));
}
