import type { ClientModel, ClientName } from "./discovery.ts";

/** Every client that is replayed, in the order of reports. */
export const CLIENTS: readonly ClientModel[] = [];

/** Returns the model of a client. @throws RangeError for a name that has none */
export function clientModel(name: ClientName): ClientModel {
  const model = CLIENTS.find((client) => client.name === name);
  if (model === undefined) throw new RangeError(`There is no model of ${name}.`);
  return model;
}
