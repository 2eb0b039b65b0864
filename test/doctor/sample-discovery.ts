import type { Discovery } from "../../src/clients/ladder/discovery.ts";

/** A client that found nothing, for which the person types the servers in. */
export const manualDiscovery: Discovery = {
  client: "thunderbird",
  outcome: "manual",
  incoming: undefined,
  outgoing: undefined,
  username: undefined,
  source: undefined,
  steps: [],
  prompts: [],
  passwordSentTo: [],
  assumptions: [],
  ms: 0,
};
