import { isWithin } from "../../spec/host-name.ts";
import { answerProbe, type ProbeAnswer } from "./answer-probe.ts";
import type { ZoneNames } from "./zone-names.ts";

/** One question on the way and what the zone says to it. */
export interface ProbeStep {
  readonly name: string;
  readonly answer: ProbeAnswer;
}

export interface ProbePath {
  /** The last one says who would answer, or, by a CNAME, that somebody outside the zone would. */
  readonly steps: readonly ProbeStep[];
  /** True where the CNAMEs lead back to a name that was asked already: then nobody answers. */
  readonly isLoop: boolean;
}

/**
 * Asks a question and goes after CNAMEs as long as they stay in the zone. A proxied CNAME is followed too: the edge goes
 * to the same place.
 */
export function followAlias(zone: ZoneNames, name: string, type: string): ProbePath {
  const steps = new Map<string, ProbeStep>();
  let asked: string | undefined = name;
  while (asked !== undefined && !steps.has(asked)) {
    const answer: ProbeAnswer = answerProbe(zone, asked, type);
    steps.set(asked, { name: asked, answer });
    asked = type === "CNAME" ? undefined : targetWithin(zone, answer);
  }
  return { steps: [...steps.values()], isLoop: asked !== undefined };
}

function targetWithin(zone: ZoneNames, answer: ProbeAnswer): string | undefined {
  const target = answer.records.find((record) => record.type === "CNAME")?.content;
  return target !== undefined && isWithin(target, zone.apex) ? target : undefined;
}
