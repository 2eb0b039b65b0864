import type { World } from "../../clients/world/world.ts";

/**
 * Returns a planned world of zones that nobody read: a name that the plan holds nothing at is not known to be absent, where
 * `isUnread` says so. It is asked with the last name, aliases followed, and whether the plan has no such name at all.
 */
export function withUnreadNames(world: World, isUnread: (name: string, isNoName: boolean) => boolean): World {
  const reasonAt = async (
    name: string,
    types: readonly Parameters<World["resolve"]>[1][],
  ): Promise<string | undefined> => {
    for (const type of types) {
      const answer = await world.resolve(name, type);
      if (answer.state !== "absent") return undefined;
      const last = answer.aliases?.at(-1) ?? name;
      if (isUnread(last, answer.isNoName === true)) return `nobody read what the zone holds at ${last}`;
    }
    return undefined;
  };
  return {
    resolve: async (name, type) => {
      const answer = await world.resolve(name, type);
      const reason = answer.state === "absent" ? await reasonAt(name, [type]) : undefined;
      return reason === undefined ? answer : { state: "unknown", reason, ms: answer.ms };
    },
    request: async (asked) => {
      const answer = await world.request(asked);
      const host = URL.parse(asked.url)?.hostname;
      if (answer.state !== "failed" || answer.kind !== "absent" || host === undefined) return answer;
      const reason = await reasonAt(host, ["A", "AAAA"]);
      return reason === undefined ? answer : { ...answer, kind: "unknown", reason };
    },
    probe: async (question) => {
      const view = await world.probe(question);
      const reason = view.outcome === "absent" ? await reasonAt(question.host, ["A", "AAAA"]) : undefined;
      return reason === undefined ? view : { outcome: "unknown", detail: reason, ms: view.ms };
    },
  };
}
