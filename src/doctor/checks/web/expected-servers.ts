import type { FoundServer } from "../../../clients/parsers/found-settings.ts";
import { deriveClientSettings } from "../../../documents/client-settings.ts";
import type { Endpoint, MailDomain } from "../../../spec/mail-domain.ts";

/** Returns the servers that a document has to announce, with the user name in its form. */
export function expectedServers(domain: MailDomain, username: string): readonly FoundServer[] {
  const { imap, pop3, submission } = deriveClientSettings(domain);
  const server = (protocol: FoundServer["protocol"], endpoint: Endpoint | undefined): FoundServer[] =>
    endpoint === undefined ? [] : [{ protocol, ...endpoint, username }];
  return [...server("imap", imap), ...server("pop3", pop3), ...server("submission", submission)];
}

/** Returns the words for servers; the user name is left out where it is empty. */
export function showServers(servers: readonly FoundServer[]): string {
  return servers
    .map(
      ({ protocol, host, port, tls, username }) =>
        `${protocol} ${host}:${port} ${tls}${username === "" ? "" : ` ${username}`}`,
    )
    .join(", ");
}
