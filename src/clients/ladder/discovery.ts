import type { TlsMode } from "../../spec/mail-domain.ts";
import type { MailProtocol, World } from "../world/world.ts";

/** The clients whose discovery is replayed; stable words of reports and of `--client`. */
export const CLIENT_NAMES = [
  "thunderbird",
  "thunderbird-android",
  "deltachat",
  "evolution",
  "fairemail",
  "kmail",
  "nextcloud",
  "geary",
  "mailspring",
  "emclient",
  "outlook",
  "outlook-cloud",
  "apple",
  "rfc6186",
  "pacc",
] as const;

export type ClientName = (typeof CLIENT_NAMES)[number];

/** Whose account is set up. */
export interface Mailbox {
  readonly address: string;
  readonly localPart: string;
  /** A-labels, lower case. */
  readonly domain: string;
}

/** A server as a client would use it. */
export interface ClientServer {
  readonly protocol: MailProtocol;
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
}

/** One thing that a client asked, with what came. */
export interface DiscoveryStep {
  /** What the client looks for: `autoconfig`, `ISPDB`, `MX`, `POX`, `SRV`, `guess`, ... */
  readonly what: string;
  /** A URL, `NAME TYPE` or `host:port`. */
  readonly target: string;
  /** What the client made of it, in words of a report. */
  readonly answer: string;
  /** How long the client waits for it. */
  readonly ms: number;
  /** When the client begins with it, in milliseconds since its start: parallel steps begin together. */
  readonly startMs: number;
  /** `used`: the settings come from here. `passed`: it goes on. `ended`: the search ends here without settings. */
  readonly effect: "used" | "passed" | "ended" | "unknown";
}

/**
 * What a person sees. `certificate`: a warning that has to be clicked away. `password`: the client asks for it during
 * discovery. `redirect`: may it go on to another place? `foreign-host`: may it use a server of another domain?
 * `untrusted-source`: the settings came over plain HTTP or without proof. `document`: a warning about a document.
 */
export type PromptKind =
  | "certificate"
  | "password"
  | "redirect"
  | "foreign-host"
  | "untrusted-source"
  | "document";

export interface DiscoveryPrompt {
  readonly kind: PromptKind;
  /** The host, URL or `host:port` that it is about. */
  readonly target: string;
  readonly text: string;
}

/**
 * How it ends. `configured`: with servers, without a person typing any. `manual`: nothing was found, and the client asks
 * for the servers. `failed`: it takes servers that are not right, among them one whose certificate is not trusted, or
 * stops with an error although it found something.
 * `unknown`: nothing was found, and something could not be looked at.
 */
export type DiscoveryOutcome = "configured" | "manual" | "failed" | "unknown";

/** What a client does for one mailbox. */
export interface Discovery {
  readonly client: ClientName;
  readonly outcome: DiscoveryOutcome;
  readonly incoming: ClientServer | undefined;
  readonly outgoing: ClientServer | undefined;
  /** The login name that it uses, placeholders filled in. */
  readonly username: string | undefined;
  /** Where the settings came from: a URL without its query, `NAME SRV`, or `guess`. */
  readonly source: string | undefined;
  /** In the order in which they begin. */
  readonly steps: readonly DiscoveryStep[];
  readonly prompts: readonly DiscoveryPrompt[];
  /** Origins (`https://host`) that get the mailbox password during discovery; the mail servers themselves are not among them. */
  readonly passwordSentTo: readonly string[];
  /** What was taken for granted where the world did not know: one sentence each. */
  readonly assumptions: readonly string[];
  /** From the address to the settings, or to the end of the search. */
  readonly ms: number;
}

/** A client: how it discovers, in its own order, with its parser's rules and time-outs. */
export interface ClientModel {
  readonly name: ClientName;
  /** For people: `Thunderbird`. */
  readonly title: string;
  /** True where the client's source is closed and the model follows documents and reports. */
  readonly isBestEffort: boolean;
  discover(mailbox: Mailbox, world: World): Promise<Discovery>;
}

/** Returns the mailbox of an address whose domain is in A-labels. */
export function mailboxOf(localPart: string, domain: string): Mailbox {
  return { address: `${localPart}@${domain}`, localPart, domain };
}
