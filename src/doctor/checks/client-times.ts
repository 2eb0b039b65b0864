import type { Discovery } from "../../clients/discovery.ts";
import type { Finding } from "../finding.ts";
import type { Check } from "./check.ts";

/** Thunderbird's time-out of one request: what takes longer has waited for a host that does not answer. Milliseconds. */
const SLOW_MS = 5000;

/** Says how long each client searches, and for what it waits longest. */
export const checkClientTimes: Check = {
  name: "client-times",
  run: async ({ discoveries }) => discoveries.map(judgeTime),
};

function judgeTime({ client, ms, outcome, steps }: Discovery): Finding {
  const base = { code: "client-time", subject: client, expected: `under ${SLOW_MS / 1000} s` } as const;
  const took = `${(ms / 1000).toFixed(1)} s until ${outcome}`;
  // What could not be looked at took the time of this network, not of the client.
  if (outcome === "unknown") return { ...base, status: "unknown", observed: took };
  if (ms <= SLOW_MS) return { ...base, status: "pass", observed: took };
  const slowest = steps.toSorted((a, b) => b.ms - a.ms)[0];
  return slowest === undefined
    ? { ...base, status: "warn", observed: took, remedy: "Look which name does not answer." }
    : {
        ...base,
        status: "warn",
        observed: `${took}; ${slowest.target} took ${(slowest.ms / 1000).toFixed(1)} s: ${slowest.answer}`,
        remedy: `Let ${slowest.target} answer at once, or remove its name.`,
      };
}
