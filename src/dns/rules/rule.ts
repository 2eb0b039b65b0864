import type { ObservedZone } from "../observed-zone.ts";
import type { PlannedRecord } from "../planned-record.ts";
import type { PublicationHost } from "../publication-hosts.ts";

/** What the rules look at: the zones as they are, and everything that the program is about to do to them. */
export interface AuditInput {
  /** Every zone that was observed, those of other domains included. */
  readonly zones: readonly ObservedZone[];
  /** Names of every zone that the token can see, observed or not. */
  readonly visibleZones: readonly string[];
  /** Every record that the program plans, in all zones. */
  readonly planned: readonly PlannedRecord[];
  /** The discovery hosts that the program publishes, with their zone. */
  readonly hosts: readonly (PublicationHost & { readonly zone: string })[];
  /** The program's own Worker. */
  readonly scriptName: string;
}

/** Something that Cloudflare would refuse, or would answer otherwise than the plan means it. */
export interface RuleViolation {
  /** Name of the rule. */
  readonly rule: string;
  /** `fail`: the deployment would break off, or something would not work; `warn`: a person has to know. */
  readonly severity: "fail" | "warn";
  /** Name of the zone. */
  readonly zone: string;
  /** `name/TYPE`, a route pattern, or a host. */
  readonly subject: string;
  /** What happened, with the values (ids, contents). */
  readonly message: string;
  /** One imperative sentence. */
  readonly remedy: string;
}

/** A predicate about a plan, with the day on which its sources were read. */
export interface Rule {
  /** Kebab-case, the name of its file. */
  readonly name: string;
  /** ISO date. */
  readonly verified: string;
  /** Public URLs. */
  readonly sources: readonly string[];
  /** Returns every violation; empty where the plan keeps the rule. */
  readonly audit: (input: AuditInput) => readonly RuleViolation[];
}
