import { protocolOf, socketTypeOf } from "../parsers/autoconfig-document.ts";
import { fillPlaceholders } from "../ladder/conclude.ts";
import type { ClientServer, Mailbox } from "../ladder/discovery.ts";
import { xmlElements } from "../parsers/xml-elements.ts";
import { parseXmlTree } from "../parsers/xml-tree.ts";

/** What is sent in place of the local part. */
export const FAKE_USER = "EVOLUTIONUSER";

export interface EvolutionServer extends ClientServer {
  readonly username: string | undefined;
}

/** What Camel connects to where there is no port: with TLS from the first byte, and without. */
const USUAL_PORTS = { imap: [993, 143], pop3: [995, 110], submission: [465, 587] } as const;

interface Fields {
  host?: string;
  port?: number;
  tls?: ClientServer["tls"];
  username?: string;
}

/**
 * Reads autoconfig as Evolution does (`e-mail-autoconfig.c`): wherever the server elements stand, each type has one result,
 * whose fields a later element of the type overwrites one by one. What is not set is zero: no TLS. The address that was
 * sent in place of the real one is put right where a server echoes it. Undefined: no well-formed XML; a web page that is
 * well-formed has no servers.
 */
export function readEvolutionAutoconfig(
  text: string,
  mailbox: Mailbox,
): readonly EvolutionServer[] | undefined {
  const root = parseXmlTree(text);
  if (root === undefined) return undefined;
  const results: Record<ClientServer["protocol"], Fields> = { imap: {}, pop3: {}, submission: {} };
  for (const element of xmlElements(root)) {
    if (element.name !== "incomingServer" && element.name !== "outgoingServer") continue;
    const protocol = protocolOf(element.attributes["type"] ?? "");
    if (protocol === undefined) continue;
    for (const { name, text } of xmlElements(element)) {
      setField(results[protocol], name, fillPlaceholders(text, mailbox), mailbox);
    }
  }
  return (["imap", "pop3", "submission"] as const).flatMap((protocol) => {
    const { host, port, tls = "plain", username } = results[protocol];
    const usual = USUAL_PORTS[protocol][tls === "implicit" ? 0 : 1];
    return host === undefined ? [] : [{ protocol, host, port: port ?? usual, tls, username }];
  });
}

function setField(fields: Fields, name: string, text: string, { address, domain }: Mailbox): void {
  if (text === "") return;
  if (name === "hostname") fields.host = text;
  if (name === "username") fields.username = text.replaceAll(`${FAKE_USER}@${domain}`, address);
  if (name === "socketType") fields.tls = socketTypeOf(text) ?? fields.tls ?? "plain";
  if (name === "port") {
    // strtol: white space before the digits, and whatever follows them, does not count.
    const port = Number(/^\s*\+?(\d+)/.exec(text)?.[1] ?? 0);
    if (port >= 1 && port <= 65_535) fields.port = port;
  }
}
