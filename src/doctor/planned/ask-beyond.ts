import type { Resolution, World } from "../../clients/world/world.ts";

/** Returns the world before a change that asks the network where the zones do not tell. */
export function askBeyond(today: World, network: World): World {
  return asking(today, network, async () => true);
}

/**
 * Returns the world after a change that asks the network where the plan does not know. The network still shows today's: a
 * host whose name leads to another place after the change is not asked there, and stays unknown.
 */
export function askBeyondChange(after: World, today: World, network: World): World {
  const leads = (world: World, host: string): Promise<readonly Resolution[]> =>
    Promise.all([world.resolve(host, "A"), world.resolve(host, "AAAA")]);
  return asking(after, network, async (host) => {
    const [was, is] = await Promise.all([leads(today, host), leads(after, host)]);
    return JSON.stringify(was) === JSON.stringify(is);
  });
}

function asking(planned: World, network: World, mayAsk: (host: string) => Promise<boolean>): World {
  return {
    resolve: async (name, type) => {
      const answer = await planned.resolve(name, type);
      return answer.state === "unknown" && (await mayAsk(name)) ? network.resolve(name, type) : answer;
    },
    request: async (asked) => {
      const answer = await planned.request(asked);
      const isUnknown = answer.state === "failed" && answer.kind === "unknown";
      const host = URL.parse(asked.url)?.hostname ?? "";
      return isUnknown && (await mayAsk(host)) ? network.request(asked) : answer;
    },
    probe: async (question) => {
      const view = await planned.probe(question);
      const isUnknown = view.outcome === "unknown";
      return isUnknown && (await mayAsk(question.host)) ? network.probe(question) : view;
    },
  };
}
