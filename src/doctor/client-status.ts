import { CLIENTS } from "../clients/clients.ts";
import type { ClientName, Discovery, PromptKind } from "../clients/ladder/discovery.ts";
import type { FindingStatus } from "./finding.ts";

/** What a person should not have to decide: a server that proves nothing, or settings that anybody could have sent. */
const WARNED: ReadonlySet<PromptKind> = new Set(["certificate", "foreign-host", "untrusted-source"]);

/** Those whose source is closed: that one finds nothing may be the model's fault, and is no reason to warn of. */
const BEST_EFFORT: ReadonlySet<ClientName> = new Set(
  CLIENTS.filter(({ isBestEffort }) => isBestEffort).map(({ name }) => name),
);

/**
 * Judges what a client ends with. `fail`: it takes servers that are not right, or stops with an error. `warn`: its person has
 * to type the servers in or to wave a warning away, or somebody is given the password during discovery.
 */
export function clientStatus({ client, outcome, prompts, passwordSentTo, steps }: Discovery): FindingStatus {
  switch (outcome) {
    case "failed":
      return "fail";
    case "unknown":
      return "unknown";
    case "manual":
      // One that ends so whatever it is told (Outlook's cloud) has seen nothing of a world that could not be looked at.
      if (steps.some(({ effect }) => effect === "unknown")) return "unknown";
      return BEST_EFFORT.has(client) && passwordSentTo.length === 0 ? "pass" : "warn";
    case "configured":
      return passwordSentTo.length > 0 || prompts.some(({ kind }) => WARNED.has(kind)) ? "warn" : "pass";
  }
}
