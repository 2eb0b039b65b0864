import { fillPlaceholders } from "../ladder/conclude.ts";
import type { ClientServer, Mailbox } from "../ladder/discovery.ts";
import { parsePox, type PoxProtocol } from "../parsers/pox-document.ts";
import { hostNameOf, integerOf } from "./read-autoconfig.ts";

/** What Thunderbird finds in an answer of Autodiscover. */
export interface PoxAccount {
  /** The first IMAP or POP3 server; undefined where only Exchange is announced. */
  readonly incoming: ClientServer | undefined;
  /** Undefined: Thunderbird would take the outgoing server that it uses already. */
  readonly outgoing: ClientServer | undefined;
  readonly username: string;
  /** Where Exchange is among what is announced; undefined where it is not. */
  readonly exchangeHost: string | undefined;
}

const PROTOCOLS: Readonly<Record<string, ClientServer["protocol"]>> = {
  IMAP: "imap",
  POP3: "pop3",
  SMTP: "submission",
};
/** `EXPR` is not read; of `WEB`, the page for browsers is left out here, which comes with one of these. */
const EXCHANGE_TYPES: readonly string[] = ["EXHTTP", "EXCH"];
/** On any other port `SSL` means TLS from the first byte. */
const STARTTLS_PORTS: readonly number[] = [143, 110, 25, 587];

/**
 * Reads an answer as `readAutoDiscoverXML` does: namespaces, `AccountType` and `Action` do not matter; whether it is
 * STARTTLS is told by the port. Returns undefined for an error, for a `RedirectAddr` (the call that would follow it passes
 * its arguments in the wrong order, and fails), and where no incoming server of any kind is announced.
 */
export function readPox(xml: string, mailbox: Mailbox): PoxAccount | undefined {
  const document = parsePox(xml);
  if (document === undefined || (document.redirectAddress ?? "") !== "") return undefined;
  const servers = document.protocols.flatMap((protocol) => readServer(protocol, mailbox));
  const incoming = servers.find(({ server }) => server.protocol !== "submission");
  const outgoing = servers.find(({ server }) => server.protocol === "submission");
  const exchangeHost = document.protocols.flatMap(exchangeHostOf)[0];
  if (incoming === undefined && exchangeHost === undefined) return undefined;
  return {
    incoming: incoming?.server,
    outgoing: outgoing?.server,
    username: incoming?.username ?? mailbox.address,
    exchangeHost,
  };
}

function readServer(
  { type, server, port, loginName, ssl, encryption }: PoxProtocol,
  mailbox: Mailbox,
): { readonly server: ClientServer; readonly username: string }[] {
  const protocol = Object.hasOwn(PROTOCOLS, type) ? PROTOCOLS[type] : undefined;
  const host = hostNameOf(server, mailbox);
  const number = integerOf(port);
  // `nonemptystring` drops a server whose LoginName is there and empty.
  if (protocol === undefined || host === undefined || number === undefined || loginName === "") return [];
  const isPlain = isWord(ssl, "off") || isWord(encryption, "none");
  const tls = isPlain ? "plain" : STARTTLS_PORTS.includes(number) ? "starttls" : "implicit";
  return [
    {
      server: { protocol, host, port: number, tls },
      username: fillPlaceholders(loginName ?? mailbox.address, mailbox),
    },
  ];
}

/** Without a URL of EWS the block is dropped, whatever else it says. */
function exchangeHostOf({ type, ewsUrl }: PoxProtocol): string[] {
  const url = EXCHANGE_TYPES.includes(type) ? URL.parse((ewsUrl ?? "").trim()) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? [url.hostname] : [];
}

function isWord(text: string | undefined, word: string): boolean {
  return text?.toLowerCase() === word;
}
