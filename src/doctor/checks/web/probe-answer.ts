import type { Resolution, World } from "../../../clients/world/world.ts";

/** What a name leads to: its aliases and addresses, or nothing, or not known. */
export type ProbeAnswer =
  | { readonly state: "found"; readonly aliases: readonly string[]; readonly data: readonly string[] }
  | { readonly state: "absent"; readonly aliases: readonly string[]; readonly isNoName: boolean }
  | { readonly state: "unknown"; readonly reason: string };

/** Asks for a name's addresses of both families. */
export async function addressesAt(world: World, name: string): Promise<ProbeAnswer> {
  return merge(await Promise.all([world.resolve(name, "A"), world.resolve(name, "AAAA")]));
}

/** Makes one answer of those to several types of one name. */
export function merge(answers: readonly Resolution[]): ProbeAnswer {
  const aliases = answers.flatMap((one) => (one.state === "unknown" ? [] : [one.aliases ?? []]));
  const longest = aliases.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const data = answers.flatMap((one) => (one.state === "found" ? one.data : []));
  if (data.length > 0) return { state: "found", aliases: longest, data: data.toSorted() };
  const unknown = answers.find((one) => one.state === "unknown");
  if (unknown !== undefined) return { state: "unknown", reason: unknown.reason };
  const isNoName = answers.some((one) => one.state === "absent" && one.isNoName === true);
  return { state: "absent", aliases: longest, isNoName };
}

/** True where two names are answered alike, as by one wildcard. */
export function isSameAnswer(one: ProbeAnswer, other: ProbeAnswer): boolean {
  if (one.state === "unknown" || other.state !== one.state) return false;
  if (one.aliases.join() !== other.aliases.join()) return false;
  if (one.state === "absent") return one.aliases.length > 0;
  return other.state === "found" && one.data.join() === other.data.join();
}

/** Returns the words for an answer. */
export function showAnswer(answer: ProbeAnswer): string {
  if (answer.state === "unknown") return answer.reason;
  const end = answer.state === "found" ? answer.data.join(", ") : "no address";
  return [...answer.aliases.map((alias) => `CNAME ${alias}`), end].join(", ");
}
