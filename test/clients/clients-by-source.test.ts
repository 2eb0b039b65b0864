import { expect, test } from "vitest";
import { CLIENTS, clientModel } from "../../src/clients/clients.ts";
import { CLIENT_NAMES, type ClientName } from "../../src/clients/ladder/discovery.ts";
import { SOURCES } from "./scenarios/cells-by-source.ts";
import { ALICE, SCENARIO_IDS, scenarioWorld } from "./scenarios/scenarios.ts";

const NAMES: readonly ClientName[] = [
  "fairemail",
  "kmail",
  "nextcloud",
  "geary",
  "mailspring",
  "emclient",
  "apple",
  "rfc6186",
  "pacc",
];

test("the models stand in the order of the names, each once", () => {
  const names = CLIENTS.map(({ name }) => name);
  expect(names).toEqual(CLIENT_NAMES.filter((name) => names.includes(name)));
});

test.each(SCENARIO_IDS.flatMap((id) => NAMES.map((name) => [name, id] as const)))(
  "%s finds its settings in %s where its source says",
  async (name, id) => {
    const discovery = await clientModel(name).discover(ALICE, scenarioWorld(id));
    const source = SOURCES[id][name];
    expect(discovery.source).toBe(source);
    expect(discovery.outcome).toBe(source === undefined ? "manual" : "configured");
    expect(discovery.steps.some(({ effect }) => effect === "used")).toBe(source !== undefined);
  },
);

test.each(NAMES.map((name) => [name] as const))(
  "%s says what its success rests on where a planned world does not know, and knows of no success without any",
  async (name) => {
    for (const id of SCENARIO_IDS) {
      const world = scenarioWorld(id, (options) => ({ ...options, others: "unknown" }));
      const discovery = await clientModel(name).discover(ALICE, world);
      const isUnknown = discovery.steps.some(({ effect }) => effect === "unknown");
      expect(discovery.outcome).toBe(
        SOURCES[id][name] !== undefined ? "configured" : isUnknown ? "unknown" : "manual",
      );
      expect(discovery.assumptions.length > 0).toBe(discovery.outcome === "configured" && isUnknown);
    }
  },
);

test("KMail, which asks Thunderbird's database first, rests on its silence in a planned world", async () => {
  const world = scenarioWorld("a-autoconfig", (options) => ({ ...options, others: "unknown" }));
  const { assumptions } = await clientModel("kmail").discover(ALICE, world);
  expect(assumptions).toEqual(["Thunderbird's database does not list example.test"]);
});
