/** What every client ends with in every scenario, against real servers; the tables are in `golden/`. */
import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { expectGolden } from "../dns/golden-file.ts";
import { SCENARIO_GROUPS } from "./all-scenarios.ts";
import { renderOutcomes } from "./outcome-table.ts";
import { runInMemory, runLive, runPlanned } from "./run-scenario.ts";
import { openScenarioCertificates, type ScenarioCertificates } from "./scenario-certificates.ts";

/** More of them would only wait for one another: each has dozens of handshakes to compute. */
const SCENARIOS_AT_ONCE = 6;

let certificates: ScenarioCertificates;
const live = new Map<string, readonly Discovery[]>();

beforeAll(async () => {
  certificates = await openScenarioCertificates();
  await pMap(
    Object.values(SCENARIO_GROUPS).flat(),
    async (scenario) => live.set(scenario.title, await runLive(scenario, certificates)),
    { concurrency: SCENARIOS_AT_ONCE },
  );
});
afterAll(() => certificates.close());

const resultsOf = (title: string): readonly Discovery[] => live.get(title) ?? [];

describe.each(Object.entries(SCENARIO_GROUPS))("%s", (group, scenarios) => {
  test("every client ends as the table says", () => {
    const text = scenarios.map(({ title }) => renderOutcomes(title, resultsOf(title))).join("\n");
    expectGolden(new URL(`./golden/${group}.txt`, import.meta.url), text);
  });

  test.for(scenarios)("$title: the world in memory tells the same", async (scenario) => {
    const inMemory = await runInMemory(scenario);
    expect(renderOutcomes("", resultsOf(scenario.title))).toBe(renderOutcomes("", inMemory));
  });
});

describe("the plan tells what the network shows, where it knows", () => {
  const planned = Object.values(SCENARIO_GROUPS)
    .flat()
    .flatMap(({ title, planned }) => (planned === undefined ? [] : [{ title, planned }]));

  test.for(planned)("$title", async ({ title, planned }) => {
    const pairs = (await runPlanned(planned)).map((told, index) => {
      const seen = resultsOf(title)[index];
      if (seen?.client !== told.client)
        throw new RangeError(`${title} has no live result of ${told.client}.`);
      return { told, seen };
    });
    const known = pairs.filter(({ told, seen }) => told.outcome !== "unknown" && seen.outcome !== "unknown");
    expect(known.map(({ told }) => settingsOf(told))).toEqual(known.map(({ seen }) => settingsOf(seen)));
    // Somebody else's host may ask for more than the plan can know of, never for less.
    for (const { told, seen } of known) {
      expect(promptsOf(seen)).toEqual(expect.arrayContaining(promptsOf(told)));
      expect(seen.passwordSentTo).toEqual(expect.arrayContaining([...told.passwordSentTo]));
    }
    if (planned.state === "before") return;
    const isSetUp = ({ outcome }: Discovery): boolean => outcome === "configured";
    expect(pairs.filter(({ told }) => isSetUp(told))).toEqual(pairs.filter(({ seen }) => isSetUp(seen)));
  });
});

function settingsOf({ client, outcome, incoming, outgoing, username, source }: Discovery): unknown {
  return { client, outcome, incoming, outgoing, username, source };
}

function promptsOf({ prompts }: Discovery): string[] {
  return prompts.map(({ kind, target }) => `${kind} ${target}`);
}
