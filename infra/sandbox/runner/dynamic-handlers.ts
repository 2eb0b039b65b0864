import { providers, type DynamicProvider } from "pulumi-mail-autodiscover/provider";
import type { Change, Properties, ResourceHandler } from "./resource-handler.ts";

/** Returns handlers for the dynamic resources: the same provider code that the engine runs, configured the same way. */
export async function dynamicHandlers(
  config: (key: string) => string | undefined,
): Promise<ReadonlyMap<string, ResourceHandler>> {
  const entries = Object.entries(providers).map(
    async ([kind, provider]): Promise<[string, ResourceHandler]> => {
      await provider.configure({ config: { get: config } });
      return [`pulumi-nodejs:dynamic/mail-autodiscover:${kind}`, handler(provider)];
    },
  );
  return new Map(await Promise.all(entries));
}

function handler(provider: DynamicProvider): ResourceHandler {
  return {
    create: async (inputs) => {
      const { id, outs } = await provider.create(plain(inputs));
      return { id, outputs: outs };
    },
    update: async (id, olds, news) => (await provider.update(id, olds, plain(news))).outs,
    delete: (id, outputs) => provider.delete(id, outputs),
    diff: async (id, olds, news): Promise<Change> => {
      const result = await provider.diff(id, olds, plain(news));
      if ((result.replaces ?? []).length > 0) return "replace";
      return result.changes ? "update" : "none";
    },
  };
}

/** Without what the engine itself adds. */
function plain(inputs: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([key, value]) => key !== "__provider" && value !== undefined),
  );
}
