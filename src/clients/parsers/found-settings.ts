import { OUTLOOK_RESPONSE_SCHEMA } from "../../documents/autodiscover-pox.ts";
import {
  parseAutoconfig,
  portOf,
  protocolOf,
  socketTypeOf,
  type AutoconfigServer,
} from "./autoconfig-document.ts";
import { parsePox, type PoxProtocol } from "./pox-document.ts";

/** A server as a client understood it from a document. */
export interface FoundServer {
  readonly protocol: "imap" | "pop3" | "submission";
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "plain";
  readonly username: string;
}

/**
 * Reads autoconfig as the strictest of its readers does (Thunderbird for Android, `RealAutoconfigParser.kt`): one
 * unusable IMAP or SMTP server, a `plain` one included, refuses the whole document; types unknown here are skipped.
 * Of several socket types clients choose differently, so they are refused, too. Returns undefined where the document is.
 */
export function readAutoconfig(xml: string): readonly FoundServer[] | undefined {
  const document = parseAutoconfig(xml);
  if (document === undefined || !document.providerId || !document.domains[0]) return undefined;
  const known = [...document.incoming, ...document.outgoing].filter(
    ({ type }) => protocolOf(type) !== undefined,
  );
  return everyServer(known.map(readServer));
}

function readServer(server: AutoconfigServer): FoundServer | undefined {
  const protocol = protocolOf(server.type);
  const [word, ...others] = server.socketTypes;
  const tls = word === undefined || others.length > 0 ? undefined : socketTypeOf(word);
  if (!server.authentications.includes("password-cleartext")) return undefined;
  if (tls === "plain" && protocol !== "pop3") return undefined;
  return complete(protocol, tls, server.hostname, server.port, server.username || undefined);
}

const POX_TYPES = { IMAP: "imap", POP3: "pop3", SMTP: "submission" } as const;
const POX_ENCRYPTION = { SSL: "implicit", TLS: "starttls", None: "plain" } as const;

/**
 * Reads the settings response of Autodiscover POX as Outlook does: the namespace is exact, `Encryption` decides, SPA has
 * to be off. `SSL` has to agree with `Encryption`, as Thunderbird and Delta Chat read that one instead.
 */
export function readAutodiscoverPox(xml: string): readonly FoundServer[] | undefined {
  const document = parsePox(xml);
  if (document?.responseNamespace !== OUTLOOK_RESPONSE_SCHEMA) return undefined;
  if (document.accountType !== "email" || document.action !== "settings") return undefined;
  return everyServer(document.protocols.map(readProtocol));
}

function readProtocol(protocol: PoxProtocol): FoundServer | undefined {
  const tls = lookUp(POX_ENCRYPTION, protocol.encryption);
  if (protocol.spa !== "off" || protocol.ssl !== (tls === "plain" ? "off" : "on")) return undefined;
  const type = lookUp(POX_TYPES, protocol.type);
  return complete(type, tls, protocol.server, protocol.port, protocol.loginName ?? "");
}

function everyServer(servers: readonly (FoundServer | undefined)[]): readonly FoundServer[] | undefined {
  const complete = servers.filter((server) => server !== undefined);
  return complete.length === servers.length && complete.length > 0 ? complete : undefined;
}

function complete(
  protocol: FoundServer["protocol"] | undefined,
  tls: FoundServer["tls"] | undefined,
  host: string | undefined,
  digits: string | undefined,
  username: string | undefined,
): FoundServer | undefined {
  const port = portOf(digits);
  if (protocol === undefined || tls === undefined || username === undefined) return undefined;
  return !host || port === undefined ? undefined : { protocol, host, port, tls, username };
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
