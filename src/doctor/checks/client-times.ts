import type { Discovery, DiscoveryStep } from "../../clients/ladder/discovery.ts";
import { clientStatus } from "../client-status.ts";
import { secondsWords } from "../client-words.ts";
import type { Finding } from "../finding.ts";
import type { Check } from "./check.ts";

/** Thunderbird's time-out of one request: what takes longer has waited for a host that does not answer. Milliseconds. */
const SLOW_MS = 5000;

/** More names would hide the place that they all wait for; each client's own time is with the client. */
const MOST_NAMED = 3;

const EXPECTED = `under ${SLOW_MS / 1000} s`;

/** Says how long each client searches, and which places make clients wait: one finding a place, however many wait for it. */
export const checkClientTimes: Check = {
  name: "client-times",
  run: async ({ discoveries }) => {
    const slow = discoveries.filter(({ ms }) => ms > SLOW_MS);
    const places = Map.groupBy(slow, (discovery) => placeOf(slowestOf(discovery)?.target ?? ""));
    return [
      ...discoveries.filter(({ ms }) => ms <= SLOW_MS).flatMap(judgeQuick),
      ...[...places].map(([place, clients]) => judgePlace(place, clients)),
    ];
  },
};

/** Of a client whose end is not known a short time says nothing. */
function judgeQuick(discovery: Discovery): readonly Finding[] {
  const { client, ms, outcome } = discovery;
  if (clientStatus(discovery) === "unknown") return [];
  const observed = `${secondsWords(ms)} until ${outcome}`;
  return [{ code: "client-time", status: "pass", subject: client, expected: EXPECTED, observed }];
}

function judgePlace(place: string, clients: readonly Discovery[]): Finding {
  const slowest = clients
    .flatMap((discovery) => slowestOf(discovery) ?? [])
    .toSorted((a, b) => b.ms - a.ms)[0];
  const waiting =
    clients.length > MOST_NAMED
      ? [`${clients.length} clients, up to ${secondsWords(Math.max(...clients.map(({ ms }) => ms)))}`]
      : clients.map(({ client, ms, outcome }) => `${client} ${secondsWords(ms)} until ${outcome}`);
  const took = slowest === undefined ? "" : `${secondsWords(slowest.ms)}, ${slowest.answer}; `;
  return {
    code: "client-time",
    // What could not be looked at may have taken the time of this network, not of the client.
    status: clients.every((discovery) => clientStatus(discovery) === "unknown") ? "unknown" : "warn",
    subject: `wait for ${place}`,
    expected: EXPECTED,
    observed: `${took}${waiting.join(", ")}`,
    remedy: `Let ${place} answer at once, or remove its name.`,
  };
}

function slowestOf({ steps }: Discovery): DiscoveryStep | undefined {
  return steps.toSorted((a, b) => b.ms - a.ms)[0];
}

/** One host that stays silent does so at every URL. */
function placeOf(target: string): string {
  const url = /^[A-Z]+ (https?:.+)$/.exec(target)?.[1];
  return (url === undefined ? null : URL.parse(url))?.origin ?? target;
}
