import { formatError } from "../../errors.ts";
import type { ProviderContext } from "./provider-context.ts";

export type Properties = Record<string, unknown>;

export interface DiffResult {
  readonly changes: boolean;
  readonly replaces?: string[];
}

/** What the engine's dynamic provider calls. The names are part of the state (`dynamic-resource.ts`). */
export interface DynamicProvider {
  configure(request: { readonly config: { get(key: string): string | undefined } }): Promise<void>;
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties }>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id: string; props: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** What one kind of resource does; inputs and outputs are what its component class declares. */
export interface ResourceLogic {
  diff(olds: Properties, news: Properties, context: ProviderContext): Promise<DiffResult>;
  create(inputs: Properties, context: ProviderContext): Promise<{ id: string; outs: Properties }>;
  update?(olds: Properties, news: Properties, context: ProviderContext): Promise<Properties>;
  /** On refresh: what is stored from now on. Default: what was. */
  read?(props: Properties, context: ProviderContext): Promise<Properties>;
  delete?(props: Properties, context: ProviderContext): Promise<void>;
}

/** The engine's mark of a value that is not known yet in a preview (pulumi/pulumi sdk/nodejs/runtime/rpc.ts). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Returns whether any of the properties is, or holds, a value that a preview does not know yet. */
export function hasUnknown(properties: unknown): boolean {
  if (properties === UNKNOWN) return true;
  if (typeof properties !== "object" || properties === null) return false;
  return Object.values(properties).some(hasUnknown);
}

/**
 * The resource is there, but not as it was asked for: the engine stores these outputs, reports the failure, and calls `update` on the next
 * run.
 */
export class PartialFailure extends Error {
  override readonly name: string = "PartialFailure";
  readonly outs: Properties;
  /** The new resource's id; what is updated keeps its own. */
  readonly id: string | undefined;

  constructor(cause: unknown, outs: Properties, id?: string) {
    super(formatError(cause), { cause });
    this.outs = outs;
    this.id = id;
  }
}

/** Completes the logic of one kind to a provider: configuration, unknown values, errors in the module's words. */
export function dynamicProvider(logic: ResourceLogic, context: ProviderContext): DynamicProvider {
  return {
    configure: async ({ config }) => context.configure((key) => config.get(key)),
    check: async (_olds, news) => ({ inputs: news }),
    diff: (_id, olds, news) =>
      worded(async () => (hasUnknown(news) ? { changes: true } : await logic.diff(olds, news, context))),
    create: (inputs) =>
      worded(async () => {
        const { id, outs } = await logic.create(inputs, context);
        return { id, outs: withoutUndefined(outs) };
      }, inputs),
    read: (id, props) =>
      worded(async () => ({ id, props: withoutUndefined((await logic.read?.(props, context)) ?? props) })),
    update: (id, olds, news) =>
      worded(
        async () => {
          const outs = (await logic.update?.(olds, news, context)) ?? { ...olds, ...news };
          return { outs: withoutUndefined(outs) };
        },
        news,
        id,
      ),
    delete: (_id, props) => worded(async () => logic.delete?.(props, context)),
  };
}

/**
 * The engine prints an error's text and stack; a person needs the message and what to do. An error with `id`, `properties` and `reasons`
 * is what the dynamic provider of Pulumi makes an ErrorResourceInitFailed of (sdk/nodejs/cmd/dynamic-provider/index.ts,
 * `grpcResponseFromError`, verified 2026-11-23); it adds `__provider` to results, but not to these properties.
 */
async function worded<T>(call: () => Promise<T>, inputs: Properties = {}, presentId?: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const text = new Error(formatError(error), { cause: error });
    text.stack = text.message;
    if (!(error instanceof PartialFailure)) throw text;
    throw Object.assign(text, {
      id: presentId ?? error.id,
      properties: withoutUndefined({ ...error.outs, __provider: inputs["__provider"] }),
      reasons: [text.message],
    });
  }
}

/** Protocol buffers know no undefined: a property is there or it is not. */
function withoutUndefined(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
