import type { World } from "./world.ts";

/** How often a world was really asked. */
export interface WorldCount {
  resolutions: number;
  requests: number;
  probes: number;
}

/**
 * Answers a question once for all clients and checks that ask it: the same name, the same request to the letter, the same
 * port. Counts what went on to the world behind it.
 */
export function memoWorld(
  world: World,
  count: WorldCount = { resolutions: 0, requests: 0, probes: 0 },
): World {
  const remember = <Q, A>(
    keyOf: (question: Q) => string,
    ask: (question: Q) => Promise<A>,
  ): ((question: Q) => Promise<A>) => {
    const known = new Map<string, Promise<A>>();
    return (question) => {
      const key = keyOf(question);
      const answer = known.get(key) ?? ask(question);
      known.set(key, answer);
      return answer;
    };
  };
  const resolve = remember(
    ({ name, type }: { name: string; type: Parameters<World["resolve"]>[1] }) => `${name} ${type}`,
    ({ name, type }) => {
      count.resolutions += 1;
      return world.resolve(name, type);
    },
  );
  return {
    resolve: (name, type) => resolve({ name: name.toLowerCase(), type }),
    request: remember(
      ({ method, url, headers, body, withPassword, isAbsolute }) =>
        JSON.stringify([method, url, headers ?? {}, body ?? "", withPassword ?? false, isAbsolute ?? false]),
      (request) => {
        count.requests += 1;
        return world.request(request);
      },
    ),
    probe: remember(
      ({ protocol, host, port, tls, login }) => JSON.stringify([protocol, host, port, tls, login?.username]),
      (question) => {
        count.probes += 1;
        return world.probe(question);
      },
    ),
  };
}
