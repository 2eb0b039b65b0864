import { providers, type DynamicProvider } from "pulumi-mail-autodiscover/provider";
import { PartialResource, type Change, type Properties, type ResourceHandler } from "./resource-handler.ts";

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
      try {
        const { id, outs } = await provider.create(plain(inputs));
        return { id, outputs: outs };
      } catch (error) {
        throw asPartial(error);
      }
    },
    update: async (id, olds, news) => {
      try {
        return (await provider.update(id, olds, plain(news))).outs;
      } catch (error) {
        throw asPartial(error);
      }
    },
    delete: (id, outputs) => provider.delete(id, outputs),
    diff: async (id, olds, news): Promise<Change> => {
      const result = await provider.diff(id, olds, plain(news));
      if ((result.replaces ?? []).length > 0) return "replace";
      return result.changes ? "update" : "none";
    },
  };
}

/** The engine stores what a failed resource says it came to (`id`, `properties` of the error); so does the runner. */
function asPartial(error: unknown): unknown {
  const { id, properties } = error as { readonly id?: unknown; readonly properties?: Properties };
  return typeof id === "string" && properties !== undefined
    ? new PartialResource(error, id, properties)
    : error;
}

/** Without what the engine itself adds. */
function plain(inputs: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([key, value]) => key !== "__provider" && value !== undefined),
  );
}
