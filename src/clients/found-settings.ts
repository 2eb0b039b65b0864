import { XMLParser, XMLValidator } from "fast-xml-parser";
import { OUTLOOK_RESPONSE_SCHEMA } from "../documents/autodiscover-pox.ts";

/** A server as a client understood it from a document. */
export interface FoundServer {
  readonly protocol: "imap" | "pop3" | "submission";
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "plain";
  readonly username: string;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  // Thunderbird for Android does not trim: ` 993 ` is no port.
  trimValues: false,
  // What makes the parser decode character references such as `&#39;`.
  htmlEntities: true,
  isArray: (name) => ["incomingServer", "outgoingServer", "Protocol", "authentication"].includes(name),
});

type Node = Readonly<Record<string, unknown>>;

const SOCKET_TYPES = { SSL: "implicit", STARTTLS: "starttls", plain: "plain" } as const;
const SERVER_TYPES = { imap: "imap", pop3: "pop3", smtp: "submission" } as const;
const POX_TYPES = { IMAP: "imap", POP3: "pop3", SMTP: "submission" } as const;
const POX_ENCRYPTION = { SSL: "implicit", TLS: "starttls", None: "plain" } as const;

/**
 * Reads autoconfig as the strictest of its readers does (Thunderbird for Android, `RealAutoconfigParser.kt`): one
 * unusable IMAP or SMTP server, a `plain` one included, refuses the whole document; types unknown here are skipped.
 * Returns undefined where the document is refused.
 */
export function readAutoconfig(xml: string): readonly FoundServer[] | undefined {
  const root = node(parse(xml)?.["clientConfig"]);
  const provider = node(root?.["emailProvider"]);
  if (provider === undefined || !text(provider["@id"]) || !text(provider["domain"])) return undefined;
  const all = [...list(provider["incomingServer"]), ...list(provider["outgoingServer"])];
  const known = all.filter((server) => lookUp(SERVER_TYPES, server["@type"]) !== undefined);
  const servers = known.map((server) => {
    const protocol = lookUp(SERVER_TYPES, server["@type"]);
    const tls = lookUp(SOCKET_TYPES, server["socketType"]);
    const authentication = (server["authentication"] as unknown[] | undefined) ?? [];
    if (!authentication.includes("password-cleartext")) return undefined;
    if (tls === "plain" && protocol !== "pop3") return undefined;
    return complete(protocol, tls, server["hostname"], server["port"], text(server["username"]));
  });
  return everyServer(servers);
}

/**
 * Reads the settings response of Autodiscover POX as Outlook does: the namespace is exact, `Encryption` decides, SPA has
 * to be off. `SSL` has to agree with `Encryption`, as Thunderbird and Delta Chat read that one instead.
 */
export function readAutodiscoverPox(xml: string): readonly FoundServer[] | undefined {
  const root = node(parse(xml)?.["Autodiscover"]);
  const response = node(root?.["Response"]);
  if (response?.["@xmlns"] !== OUTLOOK_RESPONSE_SCHEMA) return undefined;
  const account = node(response["Account"]);
  if (account?.["AccountType"] !== "email" || account["Action"] !== "settings") return undefined;
  const servers = list(account["Protocol"]).map((protocol) => {
    if (protocol["SPA"] !== "off") return undefined;
    const type = lookUp(POX_TYPES, protocol["Type"]);
    const tls = lookUp(POX_ENCRYPTION, protocol["Encryption"]);
    if (protocol["SSL"] !== (tls === "plain" ? "off" : "on")) return undefined;
    return complete(type, tls, protocol["Server"], protocol["Port"], text(protocol["LoginName"]) ?? "");
  });
  return everyServer(servers);
}

function everyServer(servers: readonly (FoundServer | undefined)[]): readonly FoundServer[] | undefined {
  const complete = servers.filter((server) => server !== undefined);
  return complete.length === servers.length && complete.length > 0 ? complete : undefined;
}

function complete(
  protocol: FoundServer["protocol"] | undefined,
  tls: FoundServer["tls"] | undefined,
  host: unknown,
  port: unknown,
  username: string | undefined,
): FoundServer | undefined {
  const hostName = text(host);
  const digits = text(port);
  if (protocol === undefined || tls === undefined || username === undefined) return undefined;
  if (hostName === undefined || digits === undefined || !/^\d{1,5}$/.test(digits)) return undefined;
  return { protocol, host: hostName, port: Number(digits), tls, username };
}

function parse(xml: string): Node | undefined {
  try {
    return XMLValidator.validate(xml) === true ? node(parser.parse(xml)) : undefined;
  } catch {
    return undefined;
  }
}

function node(value: unknown): Node | undefined {
  return typeof value === "object" && value !== null ? (value as Node) : undefined;
}

function list(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as Node[]) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === "string" && Object.hasOwn(table, key) ? table[key] : undefined;
}
