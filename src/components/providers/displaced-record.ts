import type { KeptRecord } from "../../adapters/cloudflare/cloudflare-displacement.ts";
import type { Properties, ResourceLogic } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

interface Inputs {
  readonly zoneId: string;
  readonly name: string;
  /** To be deleted now; empty once that is done, since the zone is read anew at each run. */
  readonly deleted: readonly KeptRecord[];
  /** To be overwritten in place by another resource, which this one does not touch. */
  readonly overwritten: readonly KeptRecord[];
}

type Outputs = Inputs & {
  /** Everything that was put aside at the name since the resource was made. */
  readonly kept: readonly KeptRecord[];
};

/** What `replace` puts aside at one name: deleted before the new records are made, brought back when they are gone. */
export const displacedRecord: ResourceLogic = {
  async diff(olds, news) {
    const former = olds as unknown as Outputs;
    const wish = news as unknown as Inputs;
    const replaces = former.zoneId === wish.zoneId && former.name === wish.name ? [] : ["name"];
    const known = new Set(former.kept.map(({ id }) => id));
    return {
      changes: replaces.length > 0 || putAside(wish).some(({ id }) => !known.has(id)),
      replaces,
    };
  },

  async create(inputs, context) {
    const wish = inputs as unknown as Inputs;
    return { id: `${wish.zoneId}/${wish.name}`, outs: await displace(wish, [], context) };
  },

  async update(olds, news, context) {
    return displace(news as unknown as Inputs, (olds as unknown as Outputs).kept, context);
  },

  async delete(props, context) {
    const { zoneId, name, kept } = props as unknown as Outputs;
    if (kept.length === 0) return;
    const { restoreRecords } = await import("../../adapters/cloudflare/cloudflare-displacement.ts");
    if (await restoreRecords(await context.cloudflare(), zoneId, kept)) return;
    const lines = kept.map(({ type, content }) => `${type} ${content}`).join("; ");
    context.say(`${name}: what stood there before is not brought back beside what is there now: ${lines}`);
  },
};

async function displace(
  wish: Inputs,
  former: readonly KeptRecord[],
  context: ProviderContext,
): Promise<Properties> {
  const { displaceRecords } = await import("../../adapters/cloudflare/cloudflare-displacement.ts");
  await displaceRecords(await context.cloudflare(), wish.zoneId, wish.deleted);
  const fresh = putAside(wish).filter(({ id }) => !former.some((kept) => kept.id === id));
  return { ...wish, kept: [...former, ...fresh] };
}

function putAside({ deleted, overwritten }: Inputs): readonly KeptRecord[] {
  return [...deleted, ...overwritten];
}
