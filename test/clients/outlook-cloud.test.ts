import { expect, test } from "vitest";
import { outlookCloud } from "../../src/clients/outlook-cloud.ts";
import { memoryWorld } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { ALICE, SCENARIO_IDS, scenarioWorld } from "./scenarios/scenarios.ts";

test.each(SCENARIO_IDS)(
  "scenario %s ends with servers typed by hand, and says what it assumes",
  async (id) => {
    const discovery = await outlookCloud.discover(ALICE, scenarioWorld(id));
    expect(cellOf(discovery)).toEqual({ outcome: "manual" });
    expect(discovery.assumptions).toEqual(["Microsoft's database (AutoDetect) does not list example.test"]);
  },
);

test("it asks for Autodiscover V2 with the address, and never gives a password", async () => {
  const world = scenarioWorld("f-all");
  const discovery = await outlookCloud.discover(ALICE, world);
  expect(world.asked).toEqual([
    "GET https://autodiscover.example.test/autodiscover/autodiscover.json?Email=alice%40example.test&Protocol=ActiveSync&RedirectCount=1",
  ]);
  expect(discovery.passwordSentTo).toEqual([]);
});

test("an ActiveSync endpoint is reported, and is no IMAP account", async () => {
  const world = memoryWorld({
    zones: { "example.test": ["autodiscover.example.test A 203.0.113.1"] },
    servers: {
      "203.0.113.1": {
        https: () => ({ status: 200, body: '{"Protocol":"ActiveSync","Url":"https://eas.example.test/x"}' }),
      },
    },
  });
  const discovery = await outlookCloud.discover(ALICE, world);
  expect(discovery.outcome).toBe("manual");
  expect(discovery.steps.at(-1)?.answer).toBe("ActiveSync at https://eas.example.test/x, no IMAP");
});

test("in a planned world, too, the end does not depend on what is not known", async () => {
  const world = memoryWorld({ zones: {}, others: "unknown" });
  expect((await outlookCloud.discover(ALICE, world)).outcome).toBe("manual");
});
