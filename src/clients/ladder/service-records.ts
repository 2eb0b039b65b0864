import type { Resolution } from "../world/world.ts";

/** Where an SRV record leads. */
export interface SrvTarget {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** `.` where the service is not offered. */
  readonly host: string;
}

/** Where an MX record leads. */
export interface MxTarget {
  readonly priority: number;
  /** `.` where the domain takes no mail (RFC 7505). */
  readonly host: string;
}

/**
 * Returns the targets of an SRV answer in the order in which they are most likely tried: lowest priority, then highest
 * weight (RFC 2782; the draw by weight is left to its likeliest outcome). Empty where there is none, or nobody could say.
 */
export function readSrv(answer: Resolution): readonly SrvTarget[] {
  return fieldsOf(answer)
    .map(([priority = "", weight = "", port = "", host = ""]) => ({
      priority: Number(priority),
      weight: Number(weight),
      port: Number(port),
      host,
    }))
    .toSorted(byPriority);
}

/** Compares by priority, lowest first, then by weight, highest first (RFC 2782). */
export function byPriority(
  a: Pick<SrvTarget, "priority" | "weight">,
  b: Pick<SrvTarget, "priority" | "weight">,
): number {
  return a.priority - b.priority || b.weight - a.weight;
}

/** Returns the targets of an MX answer, most preferred first; empty where there is none, or nobody could say. */
export function readMx(answer: Resolution): readonly MxTarget[] {
  return fieldsOf(answer)
    .map(([priority = "", host = ""]) => ({ priority: Number(priority), host }))
    .toSorted((a, b) => a.priority - b.priority);
}

/** True for a target that names a host: not the dot of a service that is not offered. */
export function namesHost({ host }: { readonly host: string }): boolean {
  return host !== "" && host !== ".";
}

function fieldsOf(answer: Resolution): readonly string[][] {
  return answer.state === "found" ? answer.data.map((line) => line.split(" ")) : [];
}
