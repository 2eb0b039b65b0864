import {
  parseAutoconfig,
  portOf,
  protocolOf,
  socketTypeOf,
  type AutoconfigServer,
} from "../../../clients/parsers/autoconfig-document.ts";
import type { FoundServer } from "../../../clients/parsers/found-settings.ts";
import { parsePox, type PoxProtocol } from "../../../clients/parsers/pox-document.ts";

/** Returns the mail servers that the most patient reader finds in an autoconfig document; undefined where it is none. */
export function readAutoconfigServers(text: string): readonly FoundServer[] | undefined {
  const document = parseAutoconfig(text);
  return document === undefined
    ? undefined
    : [...document.incoming, ...document.outgoing].flatMap(fromAutoconfig);
}

/** Returns the mail servers of a POX answer; undefined where it is none, empty for an error or another provider's redirect. */
export function readPoxServers(text: string): readonly FoundServer[] | undefined {
  return parsePox(text)?.protocols.flatMap(fromPox);
}

/** Returns the names of elements that a document leaves empty: readers take them for a value. */
export function emptyElements(text: string): readonly string[] {
  const found = [...text.matchAll(/<([A-Za-z]\w*)[^<>/]*>\s*<\/\1>|<([A-Za-z]\w*)\s*\/>/g)];
  const names = found.map(([, pair, single]) => pair ?? single ?? "");
  return [...new Set(names)].filter((name) => LEAVES.has(name));
}

/** Elements whose text is a setting, of autoconfig and of POX. */
const LEAVES: ReadonlySet<string> = new Set([
  "hostname",
  "port",
  "socketType",
  "username",
  "authentication",
  "domain",
  "Type",
  "Server",
  "Port",
  "LoginName",
  "SSL",
  "SPA",
  "Encryption",
]);

function fromAutoconfig(server: AutoconfigServer): FoundServer[] {
  const protocol = protocolOf(server.type);
  const port = portOf(server.port?.trim());
  const tls = server.socketTypes.map((word) => socketTypeOf(word.trim())).find((mode) => mode !== undefined);
  const host = server.hostname?.trim().toLowerCase() ?? "";
  if (protocol === undefined || port === undefined || tls === undefined || host === "") return [];
  return [{ protocol, host, port, tls, username: server.username?.trim() ?? "" }];
}

function fromPox(protocol: PoxProtocol): FoundServer[] {
  const type = { IMAP: "imap", POP3: "pop3", SMTP: "submission" }[protocol.type] as
    | FoundServer["protocol"]
    | undefined;
  const port = portOf(protocol.port?.trim());
  const host = protocol.server?.trim().toLowerCase() ?? "";
  if (type === undefined || port === undefined || host === "") return [];
  return [
    { protocol: type, host, port, tls: poxTls(protocol, port), username: protocol.loginName?.trim() ?? "" },
  ];
}

/** `Encryption` decides where it is there; else `SSL`, of which the port says what it means (Thunderbird, FairEmail). */
function poxTls({ encryption, ssl }: PoxProtocol, port: number): FoundServer["tls"] {
  switch (encryption?.trim().toLowerCase()) {
    case "ssl":
      return "implicit";
    case "tls":
      return "starttls";
    case "none":
      return "plain";
    default:
      if (ssl?.trim() === "off") return "plain";
      return [110, 143, 25, 587].includes(port) ? "starttls" : "implicit";
  }
}
