import type { Endpoint, TlsMode } from "../spec/mail-domain.ts";
import type { ServerSettings } from "./client-settings.ts";
import { escapeXml } from "./xml.ts";

/** Mozilla's words (draft-ietf-mailmaint-autoconfig §4); anything else makes K-9 reject the whole document. */
const SOCKET_TYPE: Readonly<Record<TlsMode, string>> = {
  implicit: "SSL",
  starttls: "STARTTLS",
  plain: "plain",
};

/**
 * Renders Mozilla's autoconfig 1.1 document. It is the same for every address, with the placeholder untouched.
 *
 * IMAP stands first: FairEmail and Geary look at the first incoming server only. No white space inside leaf elements:
 * Thunderbird for Android does not trim.
 */
export function renderAutoconfigXml(settings: ServerSettings): string {
  const { domain, displayName, displayShortName, imap, pop3, submission } = settings;
  const username = settings.username === "address" ? "%EMAILADDRESS%" : "%EMAILLOCALPART%";
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<clientConfig version="1.1">`,
    `  <emailProvider id="${escapeXml(domain)}">`,
    `    <domain>${escapeXml(domain)}</domain>`,
    `    <displayName>${escapeXml(displayName)}</displayName>`,
    `    <displayShortName>${escapeXml(displayShortName)}</displayShortName>`,
    ...(imap === undefined ? [] : server("incomingServer", "imap", imap, username)),
    ...(pop3 === undefined ? [] : server("incomingServer", "pop3", pop3, username)),
    ...server("outgoingServer", "smtp", submission, username),
    `  </emailProvider>`,
    `  <clientConfigUpdate url="https://autoconfig.${escapeXml(domain)}/mail/config-v1.1.xml"/>`,
    `</clientConfig>`,
  ];
  return `${lines.join("\n")}\n`;
}

function server(element: string, type: string, endpoint: Endpoint, username: string): string[] {
  return [
    `    <${element} type="${type}">`,
    `      <hostname>${escapeXml(endpoint.host)}</hostname>`,
    `      <port>${endpoint.port}</port>`,
    `      <socketType>${SOCKET_TYPE[endpoint.tls]}</socketType>`,
    `      <username>${username}</username>`,
    `      <authentication>password-cleartext</authentication>`,
    `    </${element}>`,
  ];
}
