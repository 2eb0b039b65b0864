import type { Endpoint, HttpService, MailDomain, UsernameForm } from "../spec/mail-domain.ts";
import { renderMtaStsPolicy } from "./mta-sts-policy.ts";
import { renderPacc } from "./pacc.ts";

/** Protocols of which a document names one endpoint. */
export type MailProtocol = "imap" | "pop3" | "submission";

/** An authorization server, for clients that can do without a password. */
export interface OAuth2Settings {
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly scopes: readonly string[];
  readonly clientId?: string | undefined;
}

/** What documents tell a client. It is also the KV entry of a domain: JSON, a stable format with a version. */
export interface ClientSettings {
  readonly version: 1;
  readonly domain: string;
  readonly displayName: string;
  readonly displayShortName: string;
  readonly username: UsernameForm;
  readonly imap: Endpoint | undefined;
  readonly pop3: Endpoint | undefined;
  /** Absent, with `imap` and `pop3`, where a provider has no servers that a mail client could use. */
  readonly submission: Endpoint | undefined;
  /** Where the preferred endpoint does without implicit TLS: one with it, for formats that can say nothing else. */
  readonly implicitTls?: Readonly<Partial<Record<MailProtocol, Endpoint>>> | undefined;
  /** https URL. */
  readonly webmail?: string | undefined;
  readonly calDav?: HttpService | undefined;
  readonly cardDav?: HttpService | undefined;
  readonly jmap?: HttpService | undefined;
  readonly sieve?: Endpoint | undefined;
  /** Of the settings page (BCP 47), the default one first. Absent: English alone. */
  readonly languages?: readonly string[] | undefined;
  /** The operator's own help page, with what it is about by language tag. */
  readonly help?: { readonly url: string; readonly texts: Readonly<Record<string, string>> } | undefined;
  readonly oauth2?: OAuth2Settings | undefined;
  /** Whether moving mail to the junk folder trains the server's filter; absent where it is not known. */
  readonly spamTraining?: boolean | undefined;
  /** The exact bytes of the PACC document: the digest in DNS is made of the same text. Absent where there is none. */
  readonly pacc?: string | undefined;
  /** The bytes of the MTA-STS policy: the record's id is derived from the same text. Absent where there is none. */
  readonly mtaStsPolicy?: string | undefined;
}

/** Settings that a document can be made of. */
export type ServerSettings = ClientSettings & { readonly submission: Endpoint };

/** True where there is a server to announce; without one there is no document either. */
export function hasServers(settings: ClientSettings | undefined): settings is ServerSettings {
  return settings?.submission !== undefined;
}

/**
 * Picks the one endpoint of each protocol that documents announce. Parsers disagree on which of several to take
 * (FairEmail, Geary and K-9 the first, Evolution the last), so a document names one: the preferred one with TLS.
 */
export function deriveClientSettings(domain: MailDomain): ClientSettings {
  const { imap, pop3, submission, sieve } = domain.mailServer;
  const settings: ClientSettings = {
    version: 1,
    domain: domain.domain,
    displayName: domain.displayName,
    displayShortName: domain.displayShortName,
    username: domain.username,
    imap: preferred(imap),
    pop3: preferred(pop3),
    submission: preferred(submission),
    implicitTls: implicitTls(domain),
    webmail: domain.webmail,
    calDav: domain.calDav,
    cardDav: domain.cardDav,
    jmap: domain.jmap,
    sieve: sieve[0],
    languages: domain.languages.join() === "en" ? undefined : domain.languages,
    help: domain.help,
    oauth2: domain.oauth2,
    spamTraining: domain.mailServer.spamTraining ?? domain.preset.spamTraining,
  };
  const pacc = hasServers(settings) ? renderPacc(settings) : undefined;
  return { ...settings, pacc, mtaStsPolicy: renderMtaStsPolicy(domain) };
}

/** Renders the KV entry: the same bytes for the same settings. */
export function renderClientSettings(settings: ClientSettings): string {
  return JSON.stringify(settings);
}

/** Reads a KV entry; undefined where it is not one of this version (a newer writer, a foreign value). */
export function parseClientSettings(text: string): ClientSettings | undefined {
  try {
    const value = JSON.parse(text) as Partial<ClientSettings> | null;
    return value?.version === 1 && typeof value.domain === "string" ? (value as ClientSettings) : undefined;
  } catch {
    return undefined;
  }
}

function preferred(endpoints: readonly Endpoint[]): Endpoint | undefined {
  return endpoints.find((endpoint) => endpoint.tls !== "plain") ?? endpoints[0];
}

function implicitTls({ mailServer }: MailDomain): ClientSettings["implicitTls"] {
  const others = (["imap", "pop3", "submission"] as const).flatMap((protocol) => {
    const endpoints = mailServer[protocol];
    const other = endpoints.find(({ tls }) => tls === "implicit");
    return other === undefined || preferred(endpoints) === other ? [] : [[protocol, other] as const];
  });
  return others.length === 0 ? undefined : Object.fromEntries(others);
}
