import type { QueryType, Resolution, World } from "../../clients/world.ts";

/** Looks names up and keeps what could not be asked. */
export interface LookUp {
  readonly resolve: (name: string, type: QueryType) => Promise<Resolution>;
  /** Data of a type; empty where there is none, and where nobody could say. */
  readonly data: (name: string, type: QueryType) => Promise<readonly string[]>;
  /** The CNAME at a name. */
  readonly alias: (name: string) => Promise<string | undefined>;
  readonly unknown: readonly string[];
}

export function openLookUp(world: World): LookUp {
  const unknown: string[] = [];
  const resolve = async (name: string, type: QueryType): Promise<Resolution> => {
    const answer = await world.resolve(name, type);
    if (answer.state === "unknown") unknown.push(`${name} ${type}: ${answer.reason}`);
    return answer;
  };
  const data = async (name: string, type: QueryType): Promise<readonly string[]> => {
    const answer = await resolve(name, type);
    return answer.state === "found" ? answer.data : [];
  };
  return { resolve, data, alias: async (name) => (await data(name, "CNAME"))[0], unknown };
}
