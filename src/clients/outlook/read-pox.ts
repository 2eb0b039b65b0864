import { OUTLOOK_RESPONSE_SCHEMA } from "../../documents/autodiscover-pox.ts";
import { portOf } from "../parsers/autoconfig-document.ts";
import type { ClientServer, Mailbox } from "../ladder/discovery.ts";
import { parsePox, type PoxProtocol } from "../parsers/pox-document.ts";

const RESPONSE_SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";

/** What Outlook makes of the body of a status 200. */
export type PoxReading =
  /** No document of Autodiscover at all: a web page. */
  | { readonly kind: "foreign" }
  /** One that gives no settings, and does not end the search. */
  | { readonly kind: "empty"; readonly reason: string }
  | { readonly kind: "redirect"; readonly url: string }
  /** Settings that the account cannot work with. */
  | { readonly kind: "unusable"; readonly reason: string }
  | {
      readonly kind: "settings";
      readonly incoming: ClientServer;
      readonly outgoing: ClientServer;
      readonly username: string;
    };

const PROTOCOLS: Readonly<Record<string, ClientServer["protocol"]>> = {
  IMAP: "imap",
  POP3: "pop3",
  SMTP: "submission",
};
/** RFC 8314 §7.3 and RFC 3501, 1939, 6409: what stands where `Port` is absent. */
const DEFAULT_PORTS: Readonly<
  Record<ClientServer["protocol"], Readonly<Record<"implicit" | "other", number>>>
> = {
  imap: { implicit: 993, other: 143 },
  pop3: { implicit: 995, other: 110 },
  submission: { implicit: 465, other: 25 },
};

/**
 * Reads the settings response as MS-OXDSCLI §2.2.4 and reports describe Outlook: both namespaces exact, `AccountType`
 * `email`, `Encryption` before `SSL`, an absent `SPA` or `SSL` means `on`.
 */
export function readPox(body: string, mailbox: Mailbox): PoxReading {
  const document = parsePox(body);
  if (document === undefined) return { kind: "foreign" };
  if (document.errorCode !== undefined) return { kind: "empty", reason: `error ${document.errorCode}` };
  if (document.namespace !== RESPONSE_SCHEMA || document.responseNamespace !== OUTLOOK_RESPONSE_SCHEMA) {
    return { kind: "empty", reason: "other namespaces than Outlook's" };
  }
  if (document.action === "redirectUrl" && document.redirectUrl !== undefined) {
    return { kind: "redirect", url: document.redirectUrl };
  }
  if (document.accountType !== "email" || document.action !== "settings") {
    return { kind: "empty", reason: `action ${document.action ?? "missing"}, no settings` };
  }
  return readSettings(document.protocols, mailbox);
}

function readSettings(protocols: readonly PoxProtocol[], mailbox: Mailbox): PoxReading {
  const servers = protocols.filter(({ type }) => Object.hasOwn(PROTOCOLS, type));
  const isOutgoing = ({ type }: PoxProtocol): boolean => type === "SMTP";
  const incoming = servers.find((server) => !isOutgoing(server));
  const outgoing = servers.find(isOutgoing);
  if (incoming === undefined || outgoing === undefined) {
    return { kind: "unusable", reason: "no IMAP or POP3 server with an SMTP server beside it" };
  }
  if ([incoming, outgoing].some(({ spa }) => spa !== "off")) {
    return { kind: "unusable", reason: "SPA is on, or absent, which means on: Outlook wants NTLM" };
  }
  const read = [incoming, outgoing].map(readServer);
  const [first, second] = read;
  if (first === undefined || second === undefined) {
    return { kind: "unusable", reason: "a server without a host, or with words that do not exist" };
  }
  const name = incoming.loginName ?? "";
  return {
    kind: "settings",
    incoming: first,
    outgoing: second,
    username: name === "" ? mailbox.address : name,
  };
}

function readServer({ type, server, port, ssl, encryption }: PoxProtocol): ClientServer | undefined {
  const protocol = PROTOCOLS[type];
  if (protocol === undefined || server === undefined || server === "") return undefined;
  const tls = tlsOf(protocol, port, ssl, encryption);
  if (tls === undefined) return undefined;
  const number =
    port === undefined ? DEFAULT_PORTS[protocol][tls === "implicit" ? tls : "other"] : portOf(port);
  return number === undefined ? undefined : { protocol, host: server.toLowerCase(), port: number, tls };
}

/** `Encryption` overrides `SSL` (MS-OXDSCLI §2.2.4.1.1.2.6.22); `SSL` alone is TLS from the first byte, on any port. */
function tlsOf(
  protocol: ClientServer["protocol"],
  port: string | undefined,
  ssl: string | undefined,
  encryption: string | undefined,
): ClientServer["tls"] | undefined {
  switch (encryption) {
    case "SSL":
      return "implicit";
    case "TLS":
      return "starttls";
    case "None":
      return "plain";
    case "Auto":
      return portOf(port) === DEFAULT_PORTS[protocol].implicit ? "implicit" : "starttls";
    case undefined:
      return ssl === undefined || ssl === "on" ? "implicit" : ssl === "off" ? "plain" : undefined;
    default:
      return undefined;
  }
}
