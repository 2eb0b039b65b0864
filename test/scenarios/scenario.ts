import type { MailDomain } from "../../src/spec/mail-domain.ts";
import type { MemoryServer, MemoryWorldOptions, RecordLine } from "../clients/memory-world.ts";
import { EVERY_MAIL_PORT } from "../clients/scenarios/scenarios.ts";

/** A world with one mail domain in it, in memory or on loopback. */
export interface Scenario {
  /** Stable words: the table of outcomes is read by them. */
  readonly title: string;
  readonly world: MemoryWorldOptions;
  /** Where the world is one that our own plan makes, or changes: what the plan is made of. */
  readonly planned?: PlannedState;
}

/** A zone before or after the module's change. */
export interface PlannedState {
  readonly domain: MailDomain;
  /** What the zone of the domain holds before. */
  readonly before: readonly RecordLine[];
  readonly state: "before" | "after";
}

export const RESPONDER = "203.0.113.80";
export const MAIL = "203.0.113.25";
/** The web host of the domain's site, which knows nothing of mail. */
export const HOSTING = "203.0.113.99";
export const PROVIDER = "198.51.100.80";

/** A mail server with every port that clients know. */
export const MAIL_SERVER: MemoryServer = { mail: EVERY_MAIL_PORT };

/** Returns the mail server with those of its ports only. */
export function onPorts(...ports: readonly number[]): MemoryServer {
  return { mail: EVERY_MAIL_PORT.filter(({ port }) => ports.includes(port)) };
}

/** What every scenario has: a host that takes mail, under a name that no client guesses. */
export const MAIL_RECORDS: readonly RecordLine[] = [
  "example.test MX 10 box.example.test",
  `box.example.test A ${MAIL}`,
];

/** Makes a scenario of records of `example.test`; the mail server stands beside `servers`. */
export function scenario(
  title: string,
  records: readonly RecordLine[],
  servers: MemoryWorldOptions["servers"] = {},
  others: MemoryWorldOptions["zones"] = {},
): Scenario {
  const zones = { "example.test": [...new Set([...MAIL_RECORDS, ...records])], ...others };
  return { title, world: { zones, servers: { [MAIL]: MAIL_SERVER, ...servers } } };
}
