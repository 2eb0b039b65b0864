import type { ClientName } from "../../clients/ladder/discovery.ts";
import type { PlanProblem } from "../../dns/planned-record.ts";
import { renderDiscoveryJson, type DiscoveryJson } from "../render-discovery-json.ts";
import type { DomainExplanation } from "./explain-domain.ts";
import type { PasswordRisk } from "./password-risk.ts";
import type { Verdict, Worsening } from "./judge-change.ts";

/**
 * What `explain --json` prints. `version` grows where a reader of the former one would misread: new fields, codes and clients
 * come without.
 */
export interface ExplanationJson {
  readonly version: 1;
  /** By name. */
  readonly domains: readonly {
    readonly domain: string;
    readonly address: string;
    /** What stands against the plan: "after" is the world without these records. */
    readonly problems: readonly Pick<PlanProblem, "code" | "subject" | "message" | "remedy">[];
    readonly clients: readonly {
      readonly client: ClientName;
      readonly verdict: Verdict;
      readonly worsenings: readonly Worsening[];
      /** Servers of somebody else that would be given the mailbox password, if they asked for it. */
      readonly passwordRisks: {
        readonly before: readonly PasswordRisk[];
        readonly after: readonly PasswordRisk[];
      };
      /** Null where the zone before the change is not known. */
      readonly before: DiscoveryJson | null;
      readonly after: DiscoveryJson;
    }[];
  }[];
}

/** Renders explanations as JSON, two spaces deep, with a final newline. */
export function renderExplanationJson(
  explanations: readonly DomainExplanation[],
  problems: readonly PlanProblem[] = [],
): string {
  const json: ExplanationJson = {
    version: 1,
    domains: explanations.map(({ domain, address, clients }) => ({
      domain,
      address,
      problems: problems
        .filter((problem) => problem.domain === domain)
        .map(({ code, subject, message, remedy }) => ({ code, subject, message, remedy })),
      clients: clients.map(({ before, after, verdict, worsenings, risksBefore, risksAfter }) => ({
        client: after.client,
        verdict,
        worsenings: worsenings.map(({ code, message }) => ({ code, message })),
        passwordRisks: { before: risksBefore, after: risksAfter },
        before: before === undefined ? null : renderDiscoveryJson(before),
        after: renderDiscoveryJson(after),
      })),
    })),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
