import { expect, test } from "vitest";
import { thunderbird } from "../../src/clients/thunderbird/thunderbird.ts";
import { THUNDERBIRD_COLUMN } from "./scenarios/cells-thunderbird.ts";
import { cellOf } from "./scenarios/cell.ts";
import { ALICE, SCENARIO_IDS, scenarioWorld } from "./scenarios/scenarios.ts";

const watched = SCENARIO_IDS.filter((id) => THUNDERBIRD_COLUMN[id] !== undefined);

test.each(watched)("scenario %s ends as the program was seen to end", async (id) => {
  const discovery = await thunderbird.discover(ALICE, scenarioWorld(id));
  expect(cellOf(discovery)).toEqual(THUNDERBIRD_COLUMN[id]);
});
