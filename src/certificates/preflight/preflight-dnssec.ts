import type { DnssecState } from "../ports.ts";

/** What one recursive resolver said of a name; undefined where it gave no answer. */
export interface DnssecObservation {
  /** Asked with checking: an answer, marked as authentic (AD) or not, or SERVFAIL. */
  readonly checked: "authentic" | "plain" | "servfail" | undefined;
  /** Asked with checking disabled (CD), where the checked answer was SERVFAIL. */
  readonly unchecked: "answer" | "servfail" | undefined;
  /** Asked with checking once more after that: one SERVFAIL may be a passing failure. */
  readonly checkedAgain: "answer" | "servfail" | undefined;
  /** Whether the parent vouches for the zone's keys (a DS record), where the answer was plain. */
  readonly hasDelegationSigner: boolean | undefined;
}

/**
 * Returns the state of a zone's signatures by what a resolver that checks them lets through (RFC 4035 §3.2.2, §5.5): SERVFAIL with
 * checking and an answer without it means that they do not hold. A plain answer for a zone that its parent vouches for is one of
 * a resolver that does not check.
 */
export function judgeDnssec(observation: DnssecObservation): DnssecState {
  const { checked, unchecked, checkedAgain, hasDelegationSigner } = observation;
  if (checked === "authentic") return "secure";
  if (checked === "plain") return hasDelegationSigner === false ? "insecure" : "unknown";
  const isBogus = checked === "servfail" && unchecked === "answer" && checkedAgain === "servfail";
  return isBogus ? "bogus" : "unknown";
}
