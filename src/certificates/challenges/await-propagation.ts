import { MailAutodiscoverError } from "../../errors.ts";
import type { ReportProgress } from "../order/issuance-progress.ts";
import type { Clock, PropagationCheck, ServerObservation } from "../ports.ts";

/** After the first question, which is put at once: the zone's own servers remember no absence. */
const FIRST_INTERVAL_MS = 1000;

/** Between questions: lego and certmagic use 2 s; the first rounds are quicker, since most zones need no more. */
const LONGEST_INTERVAL_MS = 2000;

/** A server that stays silent this long does not hold the others up: the CA validates from several places and may miss one. */
const SILENCE_MS = 10_000;

/** Where no server can be asked at all (port 53 is blocked here), this long is enough for Cloudflare (about 5 s in practice). */
const BLIND_WAIT_MS = 20_000;

/** The TXT values by owner name that have to be seen. */
export type ChallengeValues = ReadonlyMap<string, readonly string[]>;

export interface PropagationPorts {
  readonly propagation: PropagationCheck;
  readonly clock: Clock;
  readonly report: ReportProgress;
}

interface Pending {
  readonly name: string;
  readonly servers: readonly ServerObservation[];
}

/**
 * Waits until every authoritative server gives all values at all names.
 *
 * @throws MailAutodiscoverError `challenge-not-propagated` after `timeoutMs`, with the servers that lag
 */
export async function awaitPropagation(
  values: ChallengeValues,
  timeoutMs: number,
  ports: PropagationPorts,
  signal: AbortSignal,
): Promise<void> {
  const { clock, report } = ports;
  const start = clock.now().getTime();
  const elapsed = (): number => clock.now().getTime() - start;
  let interval = FIRST_INTERVAL_MS;
  let names = [...values.keys()];

  while (names.length > 0) {
    const observed = await Promise.all(
      names.map(async (name): Promise<Pending> => {
        return { name, servers: await ports.propagation.observe(name, values.get(name) ?? [], signal) };
      }),
    );
    const pending = observed.filter((each) => !isDone(each.servers, elapsed()));
    names = pending.map((each) => each.name);
    if (names.length === 0) break;
    const waitingFor = pending.flatMap(describe);
    report({ kind: "propagating", waitingFor });
    if (elapsed() >= timeoutMs) throw notPropagated(timeoutMs, waitingFor);
    await clock.sleep(interval, signal);
    interval = Math.min(interval * 1.25, LONGEST_INTERVAL_MS);
  }
  report({ kind: "propagated", afterMs: elapsed() });
}

function isDone(servers: readonly ServerObservation[], elapsedMs: number): boolean {
  const silent = servers.filter((server) => server.state === "unreachable");
  if (silent.length === servers.length) return elapsedMs >= BLIND_WAIT_MS;
  const allComplete = servers.every((server) => server.state !== "incomplete");
  return allComplete && (silent.length === 0 || elapsedMs >= SILENCE_MS);
}

function describe({ name, servers }: Pending): readonly string[] {
  return servers
    .filter((server) => server.state !== "complete")
    .map((server) => `${name} at ${server.server} (${server.state})`);
}

function notPropagated(timeoutMs: number, waitingFor: readonly string[]): MailAutodiscoverError {
  return new MailAutodiscoverError(
    "challenge-not-propagated",
    `The challenge's TXT records were not at all authoritative servers within ${timeoutMs / 1000} s: ${waitingFor.join("; ")}.`,
    {
      remedy:
        "Check that the registrar delegates the zone to the servers that hold these records, then run the update again.",
      retryable: true,
    },
  );
}
