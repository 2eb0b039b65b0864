import { partLeft, type CertificateLifetime } from "./renewal.ts";

const HOUR_MS = 60 * 60 * 1000;

/** A run that leaves less than this part of the lifetime and does not renew is told about: usually renewals begin here. */
const LOW_FRACTION = 1 / 3;

export interface RenewalPlan extends CertificateLifetime {
  readonly renewAt: string;
  /** The latest time for a renewal (`latestRenewal`). */
  readonly renewBefore: string;
  /** Hours between two runs of the pipeline; undefined where nobody said. */
  readonly scheduleHours?: number | undefined;
}

/** Returns a warning where the pipeline's schedule can miss the time between `renewAt` and `renewBefore`. */
export function scheduleWarning(plan: RenewalPlan): string | undefined {
  if (plan.scheduleHours === undefined) return undefined;
  const slackMs = Date.parse(plan.renewBefore) - Date.parse(plan.renewAt);
  if (plan.scheduleHours * HOUR_MS <= slackMs) return undefined;
  const hours = Math.max(1, Math.floor(slackMs / HOUR_MS));
  return (
    `a pipeline that runs every ${plan.scheduleHours} h may come too late: renewal from ${plan.renewAt}, ` +
    `at the latest ${plan.renewBefore}. Run it at least every ${hours} h`
  );
}

/** Returns a warning where little of the lifetime is left after a run that does not renew. */
export function lifetimeWarning(plan: RenewalPlan, now: Date): string | undefined {
  if (partLeft(plan, now) >= LOW_FRACTION) return undefined;
  return `less than a third of the lifetime is left (expires ${plan.notAfter}); renewal from ${plan.renewAt}, at the latest ${plan.renewBefore}`;
}
