import type { Discovery, PromptKind } from "../clients/discovery.ts";
import type { FindingStatus } from "./finding.ts";

/** What a person should not have to decide: a server that proves nothing, or settings that anybody could have sent. */
const WARNED: ReadonlySet<PromptKind> = new Set(["certificate", "foreign-host", "untrusted-source"]);

/**
 * Judges what a client ends with. `fail`: it takes servers that are not right, or stops with an error. `warn`: its person has
 * to type the servers in or to wave a warning away, or somebody is given the password during discovery.
 */
export function clientStatus({ outcome, prompts, passwordSentTo }: Discovery): FindingStatus {
  switch (outcome) {
    case "failed":
      return "fail";
    case "unknown":
      return "unknown";
    case "manual":
      return "warn";
    case "configured":
      return passwordSentTo.length > 0 || prompts.some(({ kind }) => WARNED.has(kind)) ? "warn" : "pass";
  }
}
