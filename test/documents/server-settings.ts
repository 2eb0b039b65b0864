import {
  deriveClientSettings,
  hasServers,
  type ServerSettings,
} from "../../src/documents/client-settings.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";

/** Settings of a domain that has servers. */
export function serverSettings(domain: MailDomain): ServerSettings {
  const settings = deriveClientSettings(domain);
  if (!hasServers(settings)) throw new Error(`${domain.domain} has no servers`);
  return settings;
}
