import type { QueryType, Resolution } from "../../clients/world/world.ts";
import type { ResolverView } from "../../doctor/checks/check.ts";
import { openWorldResolver, type ResolveName } from "./world-resolver.ts";

/** Cloudflare's and Google's: most clients that do not ask their provider ask one of these. */
export const PUBLIC_RESOLVERS: readonly string[] = ["1.1.1.1", "8.8.8.8"];

/** A network that blocks port 53 on its way out must not keep anybody. Milliseconds. */
const ANSWER_TIMEOUT_MS = 1500;

/** Opens the view of resolvers, each asked by itself. One that stayed silent is not asked again. */
export function openPublicResolvers(servers: readonly string[]): ResolverView {
  const opened = servers.map((server) => ({ server, ask: openWorldResolver({ resolver: server }) }));
  const silent = new Map<string, Resolution>();
  return {
    ask: async (name, type) =>
      Promise.all(
        opened.map(async ({ server, ask }) => {
          const resolution = silent.get(server) ?? (await askInTime(ask, name, type));
          if (resolution === SILENCE) silent.set(server, resolution);
          return { server, resolution };
        }),
      ),
  };
}

const SILENCE: Resolution = { state: "unknown", reason: `no answer within ${ANSWER_TIMEOUT_MS / 1000} s` };

async function askInTime(ask: ResolveName, name: string, type: QueryType): Promise<Resolution> {
  const { promise: late, resolve } = Promise.withResolvers<Resolution>();
  const timer = setTimeout(() => resolve(SILENCE), ANSWER_TIMEOUT_MS);
  const answer = await Promise.race([ask(name, type), late]);
  clearTimeout(timer);
  return answer;
}
