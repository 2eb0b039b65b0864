import type { QueryType, Resolution, World } from "../../clients/world/world.ts";

/** Looks names up and keeps what could not be asked. */
export interface LookUp {
  readonly resolve: (name: string, type: QueryType) => Promise<Resolution>;
  /** Data of a type; empty where there is none, and where nobody could say. */
  readonly data: (name: string, type: QueryType) => Promise<readonly string[]>;
  /** The CNAME at a name. */
  readonly alias: (name: string) => Promise<string | undefined>;
  readonly unknown: readonly NotKnown[];
}

/** What could not be asked, and why. */
export interface NotKnown {
  /** `NAME TYPE`, or `GET URL`. */
  readonly what: string;
  readonly reason: string;
}

/** Names of one line: more are counted. */
const MOST_NAMED = 4;

/** Says what could not be asked, one line for all that failed alike. */
export function notKnownLines(unknown: readonly NotKnown[]): readonly string[] {
  return [...Map.groupBy(unknown, ({ reason }) => reason)].map(([reason, group]) => {
    const names = [...new Set(group.map(({ what }) => what))];
    const left = names.length - MOST_NAMED;
    const more = left > 0 ? ` and ${left} more` : "";
    return `${names.slice(0, MOST_NAMED).join(", ")}${more}: ${reason}`;
  });
}

export function openLookUp(world: World): LookUp {
  const unknown: NotKnown[] = [];
  const resolve = async (name: string, type: QueryType): Promise<Resolution> => {
    const answer = await world.resolve(name, type);
    if (answer.state === "unknown") unknown.push({ what: `${name} ${type}`, reason: answer.reason });
    return answer;
  };
  const data = async (name: string, type: QueryType): Promise<readonly string[]> => {
    const answer = await resolve(name, type);
    return answer.state === "found" ? answer.data : [];
  };
  return { resolve, data, alias: async (name) => (await data(name, "CNAME"))[0], unknown };
}
