import type { Endpoint, TlsMode } from "../spec/mail-domain.ts";
import type { ServerSettings } from "./client-settings.ts";

const TLS_WORDS: Readonly<Record<TlsMode, string>> = {
  implicit: "SSL/TLS",
  starttls: "STARTTLS",
  plain: "no encryption",
};

/** Renders the manual settings as plain text: what a person types where a client does not find them itself. */
export function renderSettingsText(settings: ServerSettings): string {
  const user = settings.username === "address" ? "your full email address" : "the part before the @";
  const rows: [string, string][] = [
    ["User name", user],
    ["Password", "the password of the mailbox"],
    ...(settings.imap === undefined ? [] : [["Incoming (IMAP)", place(settings.imap)] as [string, string]]),
    ...(settings.pop3 === undefined ? [] : [["Incoming (POP3)", place(settings.pop3)] as [string, string]]),
    ["Outgoing (SMTP)", `${place(settings.submission)}, with authentication`],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(17)}${value}`);
  return `Mail settings for ${settings.displayName} (${settings.domain})\n\n${lines.join("\n")}\n`;
}

function place(endpoint: Endpoint): string {
  return `${endpoint.host}, port ${endpoint.port}, ${TLS_WORDS[endpoint.tls]}`;
}
