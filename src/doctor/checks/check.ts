import type { DnssecState } from "../../certificates/ports.ts";
import type { Discovery, Mailbox } from "../../clients/ladder/discovery.ts";
import type { QueryType, Resolution, World } from "../../clients/world/world.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { Finding } from "../finding.ts";

/** What one server of a zone says. */
export interface ServerAnswer {
  /** For a person: `ns1.example.net 192.0.2.53`. */
  readonly server: string;
  readonly resolution: Resolution;
}

/** The zone's own servers, each asked directly: a recursive resolver shows the answer of one of them. */
export interface AuthoritativeView {
  /**
   * Asks every server of the zone that holds the domain for a name at or below it. Never rejects: a server that could not be
   * asked is `unknown`, and so is the one answer where the servers themselves could not be found.
   */
  readonly ask: (domain: string, name: string, type: QueryType) => Promise<readonly ServerAnswer[]>;
}

/** Resolvers that answer for everybody, each asked by itself: what their caches hold is what clients elsewhere see. */
export interface ResolverView {
  /** Never rejects: a resolver that could not be asked is `unknown`. */
  readonly ask: (name: string, type: QueryType) => Promise<readonly ServerAnswer[]>;
}

/** What a caller knows beside the domain. */
export interface CheckOptions {
  /** Names of all visible zones: a mail host that none of them holds is not published. Default: the subject's zone alone. */
  readonly zones?: readonly string[] | undefined;
  /** The Worker's own host, the default target of `_autodiscover._tcp`; undefined where the account has none. */
  readonly workersDevHost?: string | undefined;
  /** The issuer domain name of the CA in CAA records. Default `letsencrypt.org`. */
  readonly caIssuer?: string | undefined;
  /** URL of the ACME account; undefined where it is not known: then a binding to an account is taken to be ours. */
  readonly accountUrl?: string | undefined;
  /** False where another domain publishes the mail host's addresses. Default true. */
  readonly publishAddresses?: boolean | undefined;
  /** Where a closed network leads its mail hosts, in place of the addresses of the spec. */
  readonly mailHostAddress?: string | undefined;
  /** True for an address of a closed network, to which its own DNS may lead mail hosts. Default: no network is closed. */
  readonly isClosedAddress?: ((address: string) => boolean) | undefined;
  /** Returns the SHA-256 of the public key that a mail host has to present, hexadecimal; undefined where any trusted one is right. */
  readonly expectedKey?: ((host: string) => string | undefined) | undefined;
  /** Tried on each mail port over a trusted connection. */
  readonly login?: { readonly address: string; readonly password: string } | undefined;
  /** PEM roots that a signed profile has to chain to, instead of the built-in ones. */
  readonly ca?: string | undefined;
}

/** What a check looks at. */
export interface CheckSubject {
  /** A-labels, lower case. */
  readonly domain: string;
  /** What the domain should be; undefined: it is held to what it publishes itself. */
  readonly spec: MailDomain | undefined;
  /** The zone that holds the domain; undefined where it is not known. */
  readonly zone: string | undefined;
  /** Whose account is looked for. Any local part gets the same documents, so nobody's address is needed. */
  readonly mailbox: Mailbox;
  /** Asked by clients and checks alike; one that remembers, so that a question costs once. */
  readonly world: World;
  /** Undefined where the zone's own servers cannot be asked. */
  readonly authoritative?: AuthoritativeView | undefined;
  /** Undefined where none is to be asked, as in a closed network. */
  readonly publicResolvers?: ResolverView | undefined;
  /** How the signatures of a name stand for a validating resolver; undefined where that cannot be asked. Never rejects. */
  readonly dnssec?: ((name: string) => Promise<DnssecState>) | undefined;
  /** What each client did, from its first step to its settings. */
  readonly discoveries: readonly Discovery[];
  readonly now: Date;
  readonly options: CheckOptions;
}

/** One subject of the doctor. It returns what is right, too: the report hides it. */
export interface Check {
  /** Stable word, kebab-case. */
  readonly name: string;
  /**
   * Asks the world what may stay silent for long, while the clients are replayed; `run` then finds the answer there. Nothing that
   * a client asks, too: of one question the first to ask says how long is waited.
   */
  readonly ahead?: (subject: Omit<CheckSubject, "discoveries">) => Promise<unknown>;
  /** Rejects only by a defect of its own. */
  readonly run: (subject: CheckSubject) => Promise<readonly Finding[]>;
}
