import { expect, test } from "vitest";
import { outlook } from "../../src/clients/outlook/outlook.ts";
import { OUTLOOK_COLUMN } from "./scenarios/cells-outlook.ts";
import { cellOf } from "./scenarios/cell.ts";
import { ALICE, SCENARIO_IDS, scenarioWorld } from "./scenarios/scenarios.ts";

const watched = SCENARIO_IDS.filter((id) => OUTLOOK_COLUMN[id] !== undefined);

test.each(watched)("scenario %s ends as the documented sequence was seen to end", async (id) => {
  const discovery = await outlook.discover(ALICE, scenarioWorld(id));
  expect(cellOf(discovery)).toEqual(OUTLOOK_COLUMN[id]);
});
