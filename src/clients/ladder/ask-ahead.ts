import type { MailPortQuestion, QueryType, World, WorldRequest } from "../world/world.ts";

export interface Questions {
  readonly names?: readonly (readonly [name: string, type: QueryType])[];
  readonly requests?: readonly WorldRequest[];
  readonly probes?: readonly MailPortQuestion[];
}

/**
 * Asks a world that remembers its answers all that a client asks at once: what then takes the answers one by one, in the
 * client's order of rank, does not wait for each.
 */
export async function askAhead(world: World, { names, requests, probes }: Questions): Promise<void> {
  await Promise.all([
    ...(names ?? []).map(([name, type]) => world.resolve(name, type)),
    ...(requests ?? []).map((request) => world.request(request)),
    ...(probes ?? []).map((question) => world.probe(question)),
  ]);
}
