import type { ObservedRecord } from "./observed-zone.ts";
import type { WantedRecord } from "./wanted-record.ts";

/**
 * What `up` does about a wanted record: `create` a new one; `keep` one of ours; `adopt` one of somebody else that says
 * the same; `replace` one of somebody else, by an update in place or after the ones in the way are displaced.
 */
export type RecordAction = "create" | "keep" | "adopt" | "replace";

/** A wanted record with everything that its resource needs. */
export interface PlannedRecord {
  readonly record: WantedRecord;
  /** The zone that holds it. */
  readonly zone: { readonly id: string; readonly name: string };
  readonly action: RecordAction;
  /** `<zone id>/<record id>`, only for a record of somebody else that bears no ownership comment. */
  readonly importId: string | undefined;
  /** Id of the record that stays ours; undefined where a new one is made. */
  readonly keptId: string | undefined;
  readonly comment: string;
  /** True for adopted records: `destroy` never removes what others made. */
  readonly retainOnDelete: boolean;
  /** Seconds; an adopted record keeps its own. Default: automatic. */
  readonly ttlSeconds: number | undefined;
  /** An adopted record's own text form, which says the same; undefined for the module's form. */
  readonly content: string | undefined;
  /** Records of somebody else that the spec's `replace` names, deleted before this one is made. */
  readonly displaces: readonly ObservedRecord[];
}

/** What `replace` puts aside at one name, kept for the way back. */
export interface Displacement {
  /** `<domain>/displaced/<name>`; registered for as long as the spec names it, so that nothing comes back by itself. */
  readonly logicalName: string;
  readonly zone: { readonly id: string; readonly name: string };
  readonly name: string;
  /** Deleted before the new records are made. Empty once that is done. */
  readonly deleted: readonly ObservedRecord[];
  /** Overwritten in place. Empty once that is done. */
  readonly overwritten: readonly ObservedRecord[];
}

/** Why a plan cannot be carried out. */
export interface PlanProblem {
  readonly code: PlanProblemCode;
  /** The mail domain whose file can mend it. */
  readonly domain: string;
  /** `name/TYPE`, a host, or a route. */
  readonly subject: string;
  /** What was found, with record ids and contents. */
  readonly message: string;
  /** One imperative sentence. */
  readonly remedy: string;
  /** Entries for the spec's lists that would allow the change; the whole lists are shown once for a domain. */
  readonly adopt?: readonly string[] | undefined;
  readonly replace?: readonly string[] | undefined;
}

export type PlanProblemCode =
  | "record-exists"
  | "record-conflict"
  | "record-of-another-stack"
  | "domains-disagree"
  | "cloudflare-rule"
  | "wildcard";

/** What a reviewer should know of a plan that can be carried out. */
export interface PlanNotice {
  readonly level: "info" | "warning";
  readonly domain: string;
  readonly message: string;
}
