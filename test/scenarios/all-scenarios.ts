import { MAIL_SCENARIOS, SPLIT_SCENARIOS } from "./mail-scenarios.ts";
import { MECHANISM_SCENARIOS, OBSERVED_SCENARIOS } from "./mechanism-scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { WEB_SCENARIOS } from "./web-scenarios.ts";
import { WILDCARD_SCENARIOS } from "./wildcard-scenarios.ts";

/** Every scenario, by the file that holds its table of outcomes. */
export const SCENARIO_GROUPS: Readonly<Record<string, readonly Scenario[]>> = {
  observed: OBSERVED_SCENARIOS,
  mechanisms: MECHANISM_SCENARIOS,
  wildcards: WILDCARD_SCENARIOS,
  web: WEB_SCENARIOS,
  mail: [...MAIL_SCENARIOS, ...SPLIT_SCENARIOS],
};
