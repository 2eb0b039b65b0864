import type { Endpoint, TlsMode } from "../spec/mail-domain.ts";
import type { ServerSettings } from "./client-settings.ts";
import { jmapSessionUrl, serviceUrl } from "./service-url.ts";

const TLS_WORDS: Readonly<Record<TlsMode, string>> = {
  implicit: "SSL/TLS",
  starttls: "STARTTLS",
  plain: "no encryption",
};

const LABEL_WIDTH = 17;

/** Renders the manual settings as plain text: what a person types where a client does not find them itself. */
export function renderSettingsText(settings: ServerSettings): string {
  const { imap, pop3, submission, sieve, webmail, calDav, cardDav, jmap, help } = settings;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["User name", settings.username === "address" ? "your full email address" : "the part before the @"],
    ["Password", "the password of the mailbox"],
    ["Incoming (IMAP)", imap && place(imap)],
    ["Incoming (POP3)", pop3 && place(pop3)],
    ["Outgoing (SMTP)", `${place(submission)}, with authentication`],
    ["Mail filters", sieve && `ManageSieve at ${place(sieve)}`],
    ["Webmail", webmail],
    ["Calendar", calDav && `CalDAV at ${serviceUrl(calDav)}`],
    ["Address book", cardDav && `CardDAV at ${serviceUrl(cardDav)}`],
    ["JMAP", jmap && jmapSessionUrl(jmap)],
    ["Help", help?.url],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(LABEL_WIDTH)}${value}`],
  );
  const note = spamNote(settings);
  const title = `Mail settings for ${settings.displayName} (${settings.domain})`;
  return [title, lines.join("\n"), ...(note === undefined ? [] : [note])].join("\n\n").concat("\n");
}

/** A junk folder that teaches the server's filter is there over IMAP only. */
function spamNote({ imap, pop3, spamTraining }: ServerSettings): string | undefined {
  if (spamTraining !== true || imap === undefined) return undefined;
  const note = "The server learns what spam is from mail that is moved to the junk folder or out of it";
  return pop3 === undefined ? `${note}.` : `${note}: this needs IMAP, with POP3 it learns nothing.`;
}

function place(endpoint: Endpoint): string {
  return `${endpoint.host}, port ${endpoint.port}, ${TLS_WORDS[endpoint.tls]}`;
}
