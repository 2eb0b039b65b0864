/** The places of Mozilla's autoconfig, without the query that some clients add (draft-ietf-mailmaint-autoconfig §3). */
export function autoconfigUrl(scheme: "https" | "http", domain: string): string {
  return `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml`;
}

/** The place at the mail domain itself. */
export function wellKnownAutoconfigUrl(scheme: "https" | "http", domain: string): string {
  return `${scheme}://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`;
}

/** Thunderbird's database of providers, where version 153 asks for it (`mailnews.auto_config_url`). */
export function thunderbirdDatabaseUrl(domain: string): string {
  return `https://live.thunderbird.net/autoconfig/v1.1/${domain}`;
}

/** Thunderbird's database of providers, at the address that most other programs ask. */
export function ispdbUrl(domain: string): string {
  return `https://autoconfig.thunderbird.net/v1.1/${domain}`;
}
