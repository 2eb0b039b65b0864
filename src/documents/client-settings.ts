import type { Endpoint, MailDomain, UsernameForm } from "../spec/mail-domain.ts";
import { renderMtaStsPolicy } from "./mta-sts-policy.ts";

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
  const { imap, pop3, submission } = domain.mailServer;
  return {
    version: 1,
    domain: domain.domain,
    displayName: domain.displayName,
    displayShortName: domain.displayShortName,
    username: domain.username,
    imap: preferred(imap),
    pop3: preferred(pop3),
    submission: preferred(submission),
    mtaStsPolicy: renderMtaStsPolicy(domain),
  };
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
