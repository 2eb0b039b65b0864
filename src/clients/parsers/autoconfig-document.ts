import type { ClientServer } from "../ladder/discovery.ts";
import { childrenOf, parseXmlTree, textOf, type XmlNode } from "./xml-tree.ts";

/** A server element of an autoconfig document with its raw texts: what they are worth is each client's own rule. */
export interface AutoconfigServer {
  /** The `type` attribute, as written. */
  readonly type: string;
  readonly hostname: string | undefined;
  readonly port: string | undefined;
  readonly username: string | undefined;
  /** In document order; several say what else would do. */
  readonly socketTypes: readonly string[];
  readonly authentications: readonly string[];
}

/** Mozilla's autoconfig document, read and not yet judged. */
export interface AutoconfigDocument {
  readonly providerId: string | undefined;
  readonly domains: readonly string[];
  /** In document order. */
  readonly incoming: readonly AutoconfigServer[];
  readonly outgoing: readonly AutoconfigServer[];
  /** The whole document, for what only one client reads. */
  readonly root: XmlNode;
}

/** Returns the document; undefined where it is no XML, or none with a root `clientConfig` and an `emailProvider`. */
export function parseAutoconfig(text: string): AutoconfigDocument | undefined {
  const root = parseXmlTree(text);
  const [provider] = childrenOf(root, "emailProvider");
  if (root?.name !== "clientConfig" || provider === undefined) return undefined;
  return {
    providerId: provider.attributes["id"],
    domains: childrenOf(provider, "domain").map((domain) => domain.text),
    incoming: childrenOf(provider, "incomingServer").map(readServer),
    outgoing: childrenOf(provider, "outgoingServer").map(readServer),
    root,
  };
}

const PROTOCOLS: Readonly<Record<string, ClientServer["protocol"]>> = {
  imap: "imap",
  pop3: "pop3",
  smtp: "submission",
};
const SOCKET_TYPES: Readonly<Record<string, ClientServer["tls"]>> = {
  SSL: "implicit",
  STARTTLS: "starttls",
  plain: "plain",
};

/** Returns the protocol of a `type`; undefined for one that is none of mail (exact case, as every client compares). */
export function protocolOf(type: string): ClientServer["protocol"] | undefined {
  return Object.hasOwn(PROTOCOLS, type) ? PROTOCOLS[type] : undefined;
}

/** Returns what a `socketType` means (exact case); undefined for any other word. */
export function socketTypeOf(word: string): ClientServer["tls"] | undefined {
  return Object.hasOwn(SOCKET_TYPES, word) ? SOCKET_TYPES[word] : undefined;
}

/** Returns a port from decimal digits, 1 to 65535; undefined for anything else, white space included. */
export function portOf(digits: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(digits ?? "") ? Number(digits) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function readServer(node: XmlNode): AutoconfigServer {
  const texts = (name: string): readonly string[] => childrenOf(node, name).map(({ text }) => text);
  return {
    type: node.attributes["type"] ?? "",
    hostname: textOf(node, "hostname"),
    port: textOf(node, "port"),
    username: textOf(node, "username"),
    socketTypes: texts("socketType"),
    authentications: texts("authentication"),
  };
}
