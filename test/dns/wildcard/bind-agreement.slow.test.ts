import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { followAlias, type ProbePath } from "../../../src/dns/wildcard/follow-alias.ts";
import { indexZoneNames, type ZoneNames } from "../../../src/dns/wildcard/zone-names.ts";
import type { ZoneRecord } from "../../../src/dns/wildcard/zone-record.ts";
import { masterFile, probeAnswerText, serverAnswerText } from "./answer-text.ts";
import { generatedZone, type Question } from "./generated-zone.ts";
import { sandboxAnswerText, sandboxWorld } from "./sandbox-answer.ts";
import { findNamed, startNamed, type Named } from "./start-named.ts";

const program = findNamed();
if (program === undefined) {
  console.log("skipped: the comparison with BIND, as there is no named on the PATH or in /usr/sbin");
}

const ZONES = 2_000;

interface AskedZone {
  readonly apex: string;
  readonly records: readonly ZoneRecord[];
  readonly questions: readonly { readonly question: Question; readonly bind: string }[];
}

describe.skipIf(program === undefined)(`BIND, asked about ${ZONES} generated zones`, () => {
  /** New zones at each run; the number that gives the same ones again stands in every message. */
  const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
  let named: Named;
  let zones: readonly AskedZone[];

  beforeAll(async () => {
    const generated = fc
      .sample(generatedZone({ isCloudflare: false }), { numRuns: ZONES, seed })
      .map((zone, index) => {
        const apex = `z${index}.test`;
        return { apex, records: zone.recordsAt(apex), questions: zone.questionsAt(apex) };
      });
    const masters = new Map(generated.map(({ apex, records }) => [apex, masterFile(apex, records)]));
    named = await startNamed(program ?? "", masters);
    const answers = (await named.ask(generated.flatMap(({ questions }) => questions))).map(serverAnswerText);
    let next = 0;
    zones = generated.map(({ apex, records, questions }) => ({
      apex,
      records,
      questions: questions.map((question) => ({ question, bind: answers[next++] ?? "" })),
    }));
  });
  afterAll(() => named?.[Symbol.asyncDispose]());

  /** Returns the questions to which an analysis gives another answer than BIND. */
  const disagreements = (change: (zone: ZoneNames) => ZoneNames = (zone) => zone): readonly string[] =>
    zones.flatMap(({ apex, records, questions }) => {
      const zone = change(indexZoneNames(apex, records));
      return questions.flatMap(({ question, bind }) => {
        const { steps, isLoop } = followAlias(zone, question.name, question.type);
        const ours = probeAnswerText(steps);
        if (isLoop || ours === bind) return [];
        const lines = records.map(({ name, type, content }) => `${name} ${type} ${content}`);
        return [
          `seed ${seed}, ${question.name} ${question.type}: ${ours}, BIND ${bind}\n${lines.join("\n")}`,
        ];
      });
    });

  test("the analysis gives the same answer to every question", () => {
    expect(disagreements().slice(0, 3)).toEqual([]);
  });

  test("the sandbox's name server gives the same answer to every question", () => {
    const different = zones.flatMap(({ apex, records, questions }) => {
      const world = sandboxWorld(apex, records);
      const zone = indexZoneNames(apex, records);
      return questions
        .filter(({ question }) => !followAlias(zone, question.name, question.type).isLoop)
        .filter(({ question, bind }) => sandboxAnswerText(world, question) !== bind)
        .map(({ question, bind }) => `seed ${seed}, ${question.name} ${question.type}: BIND ${bind}`);
    });
    expect(different.slice(0, 3)).toEqual([]);
  });

  test("each kind of answer came up hundreds of times", () => {
    const kindOf = ({ steps }: ProbePath): string => {
      const answer = steps[0]?.answer;
      const alias = answer?.records.some(({ type }) => type === "CNAME") === true ? " alias" : "";
      return answer?.kind === "nodata" ? `nodata ${answer.reason}` : `${answer?.kind}${alias}`;
    };
    const counts: Record<string, number> = {};
    for (const { apex, records, questions } of zones) {
      const zone = indexZoneNames(apex, records);
      for (const { question } of questions) {
        const kind = kindOf(followAlias(zone, question.name, question.type));
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
    }
    expect(Object.keys(counts).sort()).toEqual([
      "absent",
      "delegated",
      "explicit",
      "explicit alias",
      "nodata empty-non-terminal",
      "nodata other-types",
      "nodata wildcard-without-type",
      "wildcard",
      "wildcard alias",
    ]);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(300);
  });

  test("an analysis that knows no empty non-terminals is found out", () => {
    const ignorant = (zone: ZoneNames): ZoneNames => ({
      apex: zone.apex,
      nodes: new Map([...zone.nodes].filter(([name, records]) => records.length > 0 || name === zone.apex)),
    });
    expect(disagreements(ignorant).length).toBeGreaterThan(300);
  });

  test("an analysis that knows no delegations is found out", () => {
    const ignorant = (zone: ZoneNames): ZoneNames => ({
      apex: zone.apex,
      nodes: new Map(
        [...zone.nodes].map(([name, records]) => [name, records.filter(({ type }) => type !== "NS")]),
      ),
    });
    expect(disagreements(ignorant).length).toBeGreaterThan(300);
  });
});
