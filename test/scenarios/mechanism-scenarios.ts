import type { RecordLine } from "../clients/memory-world.ts";
import { OBSERVED_WORLDS, SCENARIO_IDS } from "../clients/scenarios/scenarios.ts";
import { afterChange, afterOurPlan, ourDomain, ourResponder } from "./our-plan.ts";
import { HOSTING, RESPONDER, scenario, type Scenario } from "./scenario.ts";
import { bothWays, onlyPaths, ordinarySite } from "./web-sites.ts";

/** The worlds in which the real clients were watched. */
export const OBSERVED_SCENARIOS: readonly Scenario[] = SCENARIO_IDS.map((id) => ({
  title: id,
  world: OBSERVED_WORLDS[id],
}));

const domain = ourDomain({ mx: [{ host: "box.example.test" }] });
const documents = ourResponder(domain);
const responder = { [RESPONDER]: bothWays(documents) };
const plan = afterOurPlan(domain);

function alone(title: string, isPart: RegExp): Scenario {
  return scenario(
    title,
    plan.filter((line: RecordLine) => isPart.test(line)),
    responder,
  );
}

/** What our own plan publishes, each mechanism alone and all of them together. */
export const MECHANISM_SCENARIOS: readonly Scenario[] = [
  alone("autoconfig alone", /^autoconfig\./),
  scenario("well-known autoconfig alone", [`example.test A ${RESPONDER}`], {
    [RESPONDER]: bothWays(onlyPaths(/^\/\.well-known\/autoconfig\//, documents)),
  }),
  alone("autodiscover alone", /^autodiscover\./),
  alone("mail SRV alone", / SRV /),
  alone("PACC alone", /^_?ua-auto-config\./),
  scenario("profile alone", [`autoconfig.example.test A ${RESPONDER}`], {
    [RESPONDER]: bothWays(onlyPaths(/mobileconfig$/, documents)),
  }),
  alone("guessed names alone", /^(?:imap|smtp|mail)\./),
  afterChange("our plan", domain, []),
  afterChange("our plan beside a web site at the apex", domain, [`example.test A ${HOSTING}`], {
    [HOSTING]: bothWays(ordinarySite),
  }),
];
