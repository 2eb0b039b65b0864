import type { ObservedZone } from "../../dns/observed-zone.ts";
import type { StackIdentity } from "../../dns/ownership.ts";
import type { ProgramPlan } from "../../dns/plan/plan-program.ts";
import type { ClientSettings } from "../../documents/client-settings.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";

/** A program and the zones that it is about to change: everything that the worlds before and after are made of. */
export interface PlannedProgram {
  readonly domains: readonly MailDomain[];
  /** The zones as they are. */
  readonly zones: readonly ObservedZone[];
  /** Names of every zone that the token can see: what one of these says is not known where it was not read. */
  readonly visibleZones: readonly string[];
  readonly plan: Pick<ProgramPlan, "domains">;
  readonly identity: StackIdentity;
  /** The Worker's own host; undefined where the account has none. */
  readonly workersDevHost?: string | undefined;
  /** What is published now, by domain; undefined where that is not known: a zone does not tell. */
  readonly publishedSettings?: ReadonlyMap<string, ClientSettings> | undefined;
}
