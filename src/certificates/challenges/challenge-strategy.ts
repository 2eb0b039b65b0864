import { MailAutodiscoverError } from "../../errors.ts";
import { findChallengeName, type ZonedChallengeStore } from "./challenge-delegation.ts";
import type { ReportProgress } from "../order/issuance-progress.ts";
import type { AcmeAuthorization, AcmeChallenge, AcmeService, DnsLookup } from "../ports.ts";

/** One way to prove a name by a TXT record. What differs between challenge types is here and nowhere else. */
export interface ChallengeStrategy {
  /** As the CA writes it: `dns-01`. */
  readonly type: string;
  /** The owner name at which the record has to be published, swept and looked for. */
  recordName(authorization: Pick<AcmeAuthorization, "identifier">, signal: AbortSignal): Promise<string>;
  /** The text of the record. */
  recordValue(challenge: AcmeChallenge): Promise<string>;
}

/** A strategy with the challenge that it answers. */
export interface ChosenChallenge {
  readonly strategy: ChallengeStrategy;
  readonly challenge: AcmeChallenge;
}

export interface Dns01Ports {
  readonly acme: Pick<AcmeService, "challengeValue">;
  readonly challenges: ZonedChallengeStore;
  /** Absent: no alias is followed. */
  readonly lookup?: DnsLookup | undefined;
  readonly report: ReportProgress;
}

/**
 * Returns the strategy of RFC 8555 §8.4: a digest at `_acme-challenge.<identifier>`, or where a CNAME there leads. An apex and its
 * wildcard are looked up once. Where the lookup fails the name itself is taken: a failed look must not hold an order up.
 *
 * Its `recordName` rejects with `acme-challenge-failed` where the aliases lead nowhere.
 */
export function openDns01(ports: Dns01Ports): ChallengeStrategy {
  const found = new Map<string, Promise<string>>();
  return {
    type: "dns-01",
    recordName: async ({ identifier }, signal) => {
      const known = found.get(identifier) ?? findRecordName(identifier, ports, signal);
      found.set(identifier, known);
      return await known;
    },
    recordValue: (challenge) => ports.acme.challengeValue(challenge),
  };
}

/**
 * Returns the first strategy that the CA offers a challenge for. Types without a strategy (dns-persist-01 and those to come) are none
 * of our business; undefined where none fits.
 */
export function chooseChallenge(
  challenges: readonly AcmeChallenge[],
  strategies: readonly ChallengeStrategy[],
): ChosenChallenge | undefined {
  for (const strategy of strategies) {
    const challenge = challenges.find(({ type }) => type === strategy.type);
    if (challenge !== undefined) return { strategy, challenge };
  }
  return undefined;
}

async function findRecordName(identifier: string, ports: Dns01Ports, signal: AbortSignal): Promise<string> {
  const delegation = await findChallengeName(identifier, ports, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Could not look for an alias at _acme-challenge.${identifier}: ${reason}`;
    ports.report({ kind: "warning", message });
    return undefined;
  });
  if (delegation === undefined) return `_acme-challenge.${identifier}`;
  if (delegation.state === "resolved") return delegation.recordName;
  throw new MailAutodiscoverError(
    "acme-challenge-failed",
    `The CNAMEs at ${delegation.challengeName} lead nowhere: ${delegation.chain.join(" -> ")}.`,
    { remedy: "Point the CNAME at one name in a zone that the token can edit, without further aliases." },
  );
}
