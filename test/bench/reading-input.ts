import type { Zone } from "../../src/adapters/cloudflare/cloudflare-api.ts";
import { closestZone } from "../../src/spec/host-name.ts";
import { deriveProgramInput } from "./program-input.ts";
import type { ReadingInput } from "./reading-ways.ts";
import { scenarioDomains, type Scenario } from "./scenario.ts";

/** Derives what the ways of reading are given of a scenario. */
export function deriveReadingInput(scenario: Scenario, zones: readonly Zone[]): ReadingInput {
  const specs = scenarioDomains(scenario);
  const names = deriveProgramInput(specs, zones, []).domains.flatMap(({ wanted }) =>
    wanted.map(({ name }) => name),
  );
  return {
    specs,
    zones,
    wantedNames: [...new Set(names)].flatMap((name) => {
      const zone = closestZone(name, zones);
      return zone === undefined ? [] : [{ zoneId: zone.id, name }];
    }),
  };
}
