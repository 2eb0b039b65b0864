import type { Endpoint, HttpService, TlsMode } from "../spec/mail-domain.ts";
import type { OAuth2Settings, ServerSettings } from "./client-settings.ts";
import { jmapSessionUrl, serviceUrl } from "./service-url.ts";
import { escapeXml } from "./xml.ts";

/** Mozilla's words (draft-ietf-mailmaint-autoconfig §4); anything else makes K-9 reject the whole document. */
const SOCKET_TYPE: Readonly<Record<TlsMode, string>> = {
  implicit: "SSL",
  starttls: "STARTTLS",
  plain: "plain",
};

/**
 * Renders Mozilla's autoconfig document. It is the same for every address, with the placeholder untouched.
 *
 * IMAP stands first: FairEmail and Geary look at the first incoming server only. Each protocol has one server: some
 * programs take the first of several, Evolution the last. Every user name is the same: FairEmail takes the last one of the
 * file, those of calendar and address book among them. No white space inside leaf elements: Thunderbird for Android does
 * not trim.
 *
 * The version is 1.1 also with the parts that draft-ietf-mailmaint-autoconfig adds in 1.2 (JMAP, calendar, address book,
 * OAuth2): these stand where readers of 1.1 pass over them, the URL says 1.1, and no program is known to look at the
 * attribute, while one that does could refuse what it does not know.
 */
export function renderAutoconfigXml(settings: ServerSettings): string {
  const { domain, displayName, displayShortName, imap, pop3, submission, oauth2 } = settings;
  const username = settings.username === "address" ? "%EMAILADDRESS%" : "%EMAILLOCALPART%";
  const login: Login = { username, hasOAuth2: oauth2 !== undefined };
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<clientConfig version="1.1">`,
    `  <emailProvider id="${escapeXml(domain)}">`,
    `    <domain>${escapeXml(domain)}</domain>`,
    `    <displayName>${escapeXml(displayName)}</displayName>`,
    `    <displayShortName>${escapeXml(displayShortName)}</displayShortName>`,
    ...(imap === undefined ? [] : server("incomingServer", "imap", imap, login)),
    ...(pop3 === undefined ? [] : server("incomingServer", "pop3", pop3, login)),
    ...(settings.jmap === undefined ? [] : jmapServer(settings.jmap, username)),
    ...server("outgoingServer", "smtp", submission, login),
    ...documentation(settings),
    `  </emailProvider>`,
    ...dav("addressbook", "carddav", settings.cardDav, username),
    ...dav("calendar", "caldav", settings.calDav, username),
    ...(settings.webmail === undefined
      ? []
      : [`  <webMail>`, `    <loginPage url="${escapeXml(settings.webmail)}"/>`, `  </webMail>`]),
    ...(oauth2 === undefined ? [] : oauth2Block(oauth2)),
    `  <clientConfigUpdate url="https://autoconfig.${escapeXml(domain)}/mail/config-v1.1.xml"/>`,
    `</clientConfig>`,
  ];
  return `${lines.join("\n")}\n`;
}

interface Login {
  readonly username: string;
  readonly hasOAuth2: boolean;
}

/** The password stands first: Thunderbird takes the first method that it knows, and OAuth2 only of hosts on its own list. */
function server(element: string, type: string, endpoint: Endpoint, login: Login): string[] {
  return [
    `    <${element} type="${type}">`,
    `      <hostname>${escapeXml(endpoint.host)}</hostname>`,
    `      <port>${endpoint.port}</port>`,
    `      <socketType>${SOCKET_TYPE[endpoint.tls]}</socketType>`,
    `      <username>${login.username}</username>`,
    `      <authentication>password-cleartext</authentication>`,
    ...(login.hasOAuth2 ? [`      <authentication>OAuth2</authentication>`] : []),
    `    </${element}>`,
  ];
}

function jmapServer(service: HttpService, username: string): string[] {
  return [
    `    <incomingServer type="jmap">`,
    `      <url>${escapeXml(jmapSessionUrl(service))}</url>`,
    `      <authentication system="http">Basic</authentication>`,
    `      <username>${username}</username>`,
    `    </incomingServer>`,
  ];
}

/** One text for each language that the operator wrote one in. */
function documentation({ help }: ServerSettings): string[] {
  if (help === undefined) return [];
  const texts = Object.entries(help.texts);
  const url = escapeXml(help.url);
  if (texts.length === 0) return [`    <documentation url="${url}"/>`];
  return [
    `    <documentation url="${url}">`,
    ...texts.map(([tag, text]) => `      <descr lang="${escapeXml(tag)}">${escapeXml(text)}</descr>`),
    `    </documentation>`,
  ];
}

function dav(
  element: "addressbook" | "calendar",
  type: "carddav" | "caldav",
  service: HttpService | undefined,
  username: string,
): string[] {
  if (service === undefined) return [];
  return [
    `  <${element} type="${type}">`,
    `    <url>${escapeXml(serviceUrl(service))}</url>`,
    `    <authentication system="http">Basic</authentication>`,
    `    <username>${username}</username>`,
    `  </${element}>`,
  ];
}

function oauth2Block({ issuer, scopes, authUrl, tokenUrl, clientId }: OAuth2Settings): string[] {
  return [
    `  <oAuth2>`,
    `    <issuer>${escapeXml(issuer)}</issuer>`,
    `    <scope>${escapeXml(scopes.join(" "))}</scope>`,
    `    <authURL>${escapeXml(authUrl)}</authURL>`,
    `    <tokenURL>${escapeXml(tokenUrl)}</tokenURL>`,
    ...(clientId === undefined ? [] : [`    <clientID>${escapeXml(clientId)}</clientID>`]),
    `  </oAuth2>`,
  ];
}
