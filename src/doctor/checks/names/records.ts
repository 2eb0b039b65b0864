import { checkRecords } from "../../check-records.ts";
import type { Check } from "../check.ts";

/** Asks for every record that the spec wants; without one there is none to want. */
export const checkWantedRecords: Check = {
  name: "records",
  run: async ({ domain, options, spec, world, zone = domain }) =>
    spec === undefined ? [] : checkRecords(spec, { ...options, zone }, world),
};
