import { xmlElements } from "./xml-elements.ts";
import { childrenOf, parseXmlTree, type XmlNode } from "./xml-tree.ts";
import type { ClientServer } from "../ladder/discovery.ts";

/** Both servers, without which FairEmail takes nothing from a source. */
export interface FairEmailPair {
  readonly imap: ClientServer;
  readonly smtp: ClientServer;
  /** With the one placeholder that it may be. */
  readonly username: string;
}

interface Fields {
  host?: string;
  port?: number;
  isStartTls?: boolean;
}

/**
 * Reads autoconfig as FairEmail does (`EmailProvider.getISPDB`): the first incoming server decides, whatever its type: if it
 * is not IMAP, there is none. STARTTLS is what `socketType` says, or the port, whichever comes last; `plain` is unknown.
 * The last `username` of the whole file wins, those of calendars and address books among them; a text that is not exactly a
 * placeholder is a name as it stands.
 */
export function readFairEmailAutoconfig(text: string): FairEmailPair | undefined {
  const root = parseXmlTree(text);
  const elements = root === undefined ? [] : xmlElements(root);
  const first = (name: string, type: string): Fields => {
    const server = elements.find((element) => element.name === name);
    return server?.attributes["type"] === type ? serverFields(server, type === "imap" ? 143 : 587) : {};
  };
  const usernames = elements.filter(({ name, text }) => name === "username" && text !== "");
  return pairOf(
    first("incomingServer", "imap"),
    first("outgoingServer", "smtp"),
    usernames.at(-1)?.text ?? "%EMAILADDRESS%",
  );
}

function serverFields(server: XmlNode, startTlsPort: number): Fields {
  const fields: Fields = {};
  for (const { name, text } of xmlElements(server)) {
    if (text === "") continue;
    if (name === "hostname") fields.host = text;
    if (name === "port" && /^\d+$/.test(text)) {
      fields.port = Number(text);
      fields.isStartTls = fields.port === startTlsPort;
    }
    if (name === "socketType" && text === "SSL") fields.isStartTls = false;
    if (name === "socketType" && text === "STARTTLS") fields.isStartTls = true;
  }
  return fields;
}

/**
 * Reads Autodiscover POX as FairEmail does (`getMSAutodiscovery`): `AccountType` email and `Action` settings have to stand
 * before a `Protocol`; port 143 or 587 means STARTTLS, any other TLS. The last one of a type wins.
 */
export function readFairEmailPox(text: string): FairEmailPair | undefined {
  const root = parseXmlTree(text);
  const account = root === undefined ? undefined : xmlElements(root).find(({ name }) => name === "Account");
  const found: Record<string, Fields> = {};
  let isEmail = false;
  let isSettings = false;
  for (const child of account?.children ?? []) {
    if (child.name === "AccountType") isEmail ||= child.text === "email";
    if (child.name === "Action") isSettings ||= child.text === "settings";
    if (child.name !== "Protocol" || !isEmail || !isSettings) continue;
    const [type, server, port] = ["Type", "Server", "Port"].map(
      (name) => childrenOf(child, name).at(-1)?.text,
    );
    if (type === undefined || server === undefined || !/^\d+$/.test(port ?? "")) continue;
    found[type] = {
      host: server,
      port: Number(port),
      isStartTls: port === (type === "IMAP" ? "143" : "587"),
    };
  }
  return pairOf(found["IMAP"] ?? {}, found["SMTP"] ?? {}, "%EMAILADDRESS%");
}

function pairOf(imap: Fields, smtp: Fields, username: string): FairEmailPair | undefined {
  const server = (protocol: "imap" | "submission", fields: Fields): ClientServer | undefined => {
    const { host, port, isStartTls = false } = fields;
    if (host === undefined || port === undefined) return undefined;
    return { protocol, host, port, tls: isStartTls ? "starttls" : "implicit" };
  };
  const [incoming, outgoing] = [server("imap", imap), server("submission", smtp)];
  if (incoming === undefined || outgoing === undefined) return undefined;
  return { imap: incoming, smtp: outgoing, username };
}
