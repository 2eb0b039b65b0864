import {
  parseAutoconfig,
  protocolOf,
  socketTypeOf,
  type AutoconfigServer,
} from "../parsers/autoconfig-document.ts";
import { fillPlaceholders } from "../ladder/conclude.ts";
import type { ClientServer, Mailbox } from "../ladder/discovery.ts";
import { isLegalHostName } from "../world/legal-host-name.ts";
import type { FoundAccount } from "./found-account.ts";

const PASSWORD_WORDS: readonly string[] = ["password-cleartext", "plain", "password-encrypted", "secure"];
const OTHER_WORDS: readonly string[] = ["GSSAPI", "NTLM"];
const OUTGOING_WORDS: readonly string[] = ["none", "client-IP-address", "smtp-after-pop"];

/**
 * Base domains of the servers for which Thunderbird has an OAuth2 client (`OAuth2Providers.sys.mjs`): at any other host the
 * word `OAuth2` is skipped.
 */
const OAUTH2_DOMAINS: readonly string[] = [
  "gmail.com",
  "googlemail.com",
  "office365.com",
  "outlook.com",
  "yahoo.com",
  "aol.com",
  "fastmail.com",
  "yandex.com",
  "mail.ru",
  "comcast.net",
];

/**
 * Reads autoconfig as Thunderbird does (`readFromXML.sys.mjs`): a server that is not right is left out, the first good one
 * of each direction is taken. Returns undefined where one direction has none, or the document lacks an id or a domain.
 */
export function readAutoconfig(xml: string, mailbox: Mailbox): FoundAccount | undefined {
  const document = parseAutoconfig(xml);
  if (document === undefined || hostNameOf(document.providerId, mailbox) === undefined) return undefined;
  if (!document.domains.some((domain) => hostNameOf(domain, mailbox) !== undefined)) return undefined;
  const isIncoming = (server: AutoconfigServer): boolean => ["imap", "pop3"].includes(server.type);
  const incoming = firstOf(document.incoming.filter(isIncoming), PASSWORD_WORDS, mailbox);
  const outgoing = firstOf(
    document.outgoing.filter(({ type }) => type === "smtp"),
    [...PASSWORD_WORDS, ...OUTGOING_WORDS],
    mailbox,
  );
  if (incoming === undefined || outgoing === undefined) return undefined;
  return { incoming: incoming.server, outgoing: outgoing.server, username: incoming.username };
}

interface ReadServer {
  readonly server: ClientServer;
  readonly username: string;
}

function firstOf(
  servers: readonly AutoconfigServer[],
  words: readonly string[],
  mailbox: Mailbox,
): ReadServer | undefined {
  for (const server of servers) {
    const read = readServer(server, words, mailbox);
    if (read !== undefined) return read;
  }
  return undefined;
}

function readServer(
  { type, hostname, port, username, socketTypes, authentications }: AutoconfigServer,
  words: readonly string[],
  mailbox: Mailbox,
): ReadServer | undefined {
  const protocol = protocolOf(type);
  const host = hostNameOf(hostname, mailbox);
  const number = integerOf(port);
  const tls = socketTypes.map((word) => socketTypeOf(word.trim())).find((mode) => mode !== undefined);
  if (protocol === undefined || host === undefined || number === undefined || tls === undefined)
    return undefined;
  const authentication = authentications
    .map((word) => word.trim())
    .find((word) => isKnown(word, words, host));
  if (authentication === undefined) return undefined;
  // Only an outgoing server without a password does without a user name.
  const needsName = protocol !== "submission" || PASSWORD_WORDS.includes(authentication);
  if (needsName && username === undefined) return undefined;
  return { server: { protocol, host, port: number, tls }, username: username?.trim() ?? "" };
}

function isKnown(word: string, words: readonly string[], host: string): boolean {
  if (word === "OAuth2") return OAUTH2_DOMAINS.some((known) => host === known || host.endsWith(`.${known}`));
  return words.includes(word) || OTHER_WORDS.includes(word);
}

/** `Sanitizer.integerRange`: what follows the digits does not matter to `parseInt`. */
export function integerOf(text: string | undefined): number | undefined {
  const number = Number.parseInt(text ?? "", 10);
  return number >= 1 && number <= 65_535 ? number : undefined;
}

/** `Sanitizer.hostname`: white space around it is no fault; placeholders are filled in. Undefined for no legal host name. */
export function hostNameOf(text: string | undefined, mailbox: Mailbox): string | undefined {
  const name = fillPlaceholders((text ?? "").trim(), mailbox).toLowerCase();
  return isLegalHostName(name) ? name : undefined;
}
