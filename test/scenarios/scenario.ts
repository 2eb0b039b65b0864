import { mailboxOf, type Mailbox } from "../../src/clients/discovery.ts";
import type { MemoryServer, MemoryWorldOptions, RecordLine } from "../clients/memory-world.ts";

/** A world with one mail domain in it, in memory or on loopback. */
export interface Scenario {
  /** Stable words: the table of outcomes is read by them. */
  readonly title: string;
  readonly world: MemoryWorldOptions;
}

/** Whose account is set up in every scenario. */
export const ALICE: Mailbox = mailboxOf("alice", "example.test");

export const RESPONDER = "203.0.113.80";
export const MAIL = "203.0.113.25";
/** The web host of the domain's site, which knows nothing of mail. */
export const HOSTING = "203.0.113.99";
export const PROVIDER = "198.51.100.80";

/** A mail server with every port that clients know. */
export const MAIL_SERVER: MemoryServer = {
  mail: [
    { port: 993, protocol: "imap", tls: "implicit" },
    { port: 143, protocol: "imap", tls: "starttls" },
    { port: 995, protocol: "pop3", tls: "implicit" },
    { port: 110, protocol: "pop3", tls: "starttls" },
    { port: 465, protocol: "submission", tls: "implicit" },
    { port: 587, protocol: "submission", tls: "starttls" },
  ],
};

/** Returns the server with those of its mail ports only. */
export function onPorts(...ports: readonly number[]): MemoryServer {
  return { ...MAIL_SERVER, mail: MAIL_SERVER.mail?.filter(({ port }) => ports.includes(port)) ?? [] };
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
