import type { Check } from "./check.ts";

/** Every check, in the order of reports: names, documents, certificates, mail ports, neighbours. */
export const CHECKS: readonly Check[] = [];
