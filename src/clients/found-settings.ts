import { XMLParser } from "fast-xml-parser";

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
  isArray: (name) => ["incomingServer", "outgoingServer", "Protocol", "authentication"].includes(name),
});

type Node = Readonly<Record<string, unknown>>;

const SOCKET_TYPES = { SSL: "implicit", STARTTLS: "starttls", plain: "plain" } as const;
const SERVER_TYPES = { imap: "imap", pop3: "pop3", smtp: "submission" } as const;
const POX_TYPES = { IMAP: "imap", POP3: "pop3", SMTP: "submission" } as const;
const POX_ENCRYPTION = { SSL: "implicit", TLS: "starttls", None: "plain" } as const;

/**
 * Reads autoconfig as the strictest of its readers does (Thunderbird for Android, `RealAutoconfigParser.kt`): one
 * unusable IMAP or SMTP server refuses the whole document. Returns undefined where the document is refused.
 */
export function readAutoconfig(xml: string): readonly FoundServer[] | undefined {
  const root = node(parse(xml)?.["clientConfig"]);
  const provider = node(root?.["emailProvider"]);
  if (provider === undefined || !text(provider["@id"]) || !text(provider["domain"])) return undefined;
  const servers = [...list(provider["incomingServer"]), ...list(provider["outgoingServer"])].map((server) => {
    const protocol = lookUp(SERVER_TYPES, server["@type"]);
    const tls = lookUp(SOCKET_TYPES, server["socketType"]);
    const authentication = (server["authentication"] as unknown[] | undefined) ?? [];
    if (!authentication.includes("password-cleartext")) return undefined;
    return complete(protocol, tls, server["hostname"], server["port"], text(server["username"]));
  });
  return everyServer(servers);
}

/** Reads the settings response of Autodiscover POX as Outlook does: `Encryption` decides, SPA has to be off. */
export function readAutodiscoverPox(xml: string): readonly FoundServer[] | undefined {
  const root = node(parse(xml)?.["Autodiscover"]);
  const account = node(node(root?.["Response"])?.["Account"]);
  if (account?.["AccountType"] !== "email" || account["Action"] !== "settings") return undefined;
  const servers = list(account["Protocol"]).map((protocol) => {
    if (protocol["SPA"] !== "off") return undefined;
    const type = lookUp(POX_TYPES, protocol["Type"]);
    const tls = lookUp(POX_ENCRYPTION, protocol["Encryption"]);
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
    return node(parser.parse(xml));
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
