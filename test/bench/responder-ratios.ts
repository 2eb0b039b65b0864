import { KINDS, type Kind } from "./responder-requests.ts";

/** What one round measured of one contender: requests a second, and microseconds of CPU a request. */
export interface Round {
  readonly rate: number;
  readonly cpu: number;
}

/** By contender and kind of request, in the order of the rounds. */
export type Rounds = ReadonlyMap<string, readonly Round[]>;

export function roundsKey(name: string, kind: Kind): string {
  return `${name} ${kind}`;
}

export interface Ratio {
  readonly name: string;
  readonly over: string;
  readonly kind: Kind;
  readonly rate: number;
  readonly cpu: number;
}

const SERVE = ["serve, 1 domain", "serve, 1000 domains"] as const;
const WORKER = ["the Worker in workerd, 1 in KV", "the Worker in workerd, 1000 in KV"] as const;

/** Whom each is compared with: one that believes any domain, and for 1,000 domains one that knows as many. */
const PAIRS: readonly (readonly [name: string, over: string])[] = [
  [SERVE[0], "bare node:http"],
  [SERVE[1], "bare node:http"],
  [SERVE[1], "bare node:http, 1000 domains"],
  [WORKER[0], "minimal Worker in workerd"],
  [WORKER[1], "minimal Worker in workerd"],
  [WORKER[1], "minimal Worker in workerd, 1000 in KV"],
];

/**
 * Returns the medians of what each round's two measurements are to one another: on a busy machine these say more than a
 * ratio of medians, since both were taken within seconds.
 */
export function deriveRatios(rounds: Rounds): readonly Ratio[] {
  return PAIRS.flatMap(([name, over]) =>
    KINDS.flatMap((kind) => {
      const base = rounds.get(roundsKey(over, kind)) ?? [];
      const own = rounds.get(roundsKey(name, kind)) ?? [];
      const paired = own.flatMap((round, index) => {
        const other = base[index];
        return other === undefined ? [] : [{ rate: round.rate / other.rate, cpu: round.cpu / other.cpu }];
      });
      if (paired.length === 0) return [];
      const of = (key: keyof Round): number => median(paired.map((one) => one[key]));
      return [{ name, over, kind, rate: of("rate"), cpu: of("cpu") }];
    }),
  );
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
