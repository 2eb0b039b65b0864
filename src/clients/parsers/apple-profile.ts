import type { ClientServer } from "../ladder/discovery.ts";
import { parseXmlTree, type XmlNode } from "./xml-tree.ts";

/** The mail account of a configuration profile. */
export interface AppleProfile {
  readonly incoming: ClientServer;
  readonly outgoing: ClientServer;
  /** Undefined: the device asks for it at the installation. */
  readonly username: string | undefined;
  /** True where the property list stands in something else: a signature, which is not checked here. */
  readonly isSigned: boolean;
}

/** A value of a property list; what is neither text, boolean nor integer stays a text. */
export type Plist = string | number | boolean | readonly Plist[] | { readonly [key: string]: Plist };

/** Where STARTTLS is what `UseSSL` can only mean: the format has no word of its own for it. */
const STARTTLS_PORTS = [25, 110, 143, 587];

/**
 * Reads a configuration profile (github.com/apple/device-management, `com.apple.mail.managed`), unsigned or inside CMS: the
 * property list stands there as it is, between octets that are no text. Undefined: no property list with a mail account.
 */
export function parseAppleProfile(text: string): AppleProfile | undefined {
  const start = text.indexOf("<?xml");
  const end = text.indexOf("</plist>", start);
  if (start < 0 || end < 0) return undefined;
  const [, ...payloads] = parsePayloads(text.slice(start, end + "</plist>".length));
  const mail = payloads.find((payload) => payload["PayloadType"] === "com.apple.mail.managed");
  if (mail === undefined) return undefined;
  const isPop = mail["EmailAccountType"] === "EmailTypePOP";
  const incoming = serverOf(mail, "Incoming", isPop ? "pop3" : "imap");
  const outgoing = serverOf(mail, "Outgoing", "submission");
  if (incoming === undefined || outgoing === undefined) return undefined;
  const username = mail["IncomingMailServerUsername"];
  return {
    incoming,
    outgoing,
    username: typeof username === "string" ? username : undefined,
    isSigned: text.slice(0, start).replace("\uFEFF", "").trim() !== "",
  };
}

/** Returns the profile's own keys, then those of each payload in it; empty for a text that is no property list. */
export function parsePayloads(text: string): readonly Readonly<Record<string, Plist>>[] {
  const root = parseXmlTree(text);
  if (root?.name !== "plist" || root.children[0] === undefined) return [];
  const profile = dictOf(valueOf(root.children[0]));
  const payloads = profile["PayloadContent"];
  return [profile, ...(Array.isArray(payloads) ? (payloads as readonly Plist[]) : []).map(dictOf)];
}

const USUAL_PORTS = { imap: [993, 143], pop3: [995, 110], submission: [465, 587] } as const;

function serverOf(
  mail: Readonly<Record<string, Plist>>,
  direction: "Incoming" | "Outgoing",
  protocol: ClientServer["protocol"],
): ClientServer | undefined {
  const host = mail[`${direction}MailServerHostName`];
  if (typeof host !== "string" || host === "") return undefined;
  const isTls = mail[`${direction}MailServerUseSSL`] === true;
  const named = mail[`${direction}MailServerPortNumber`];
  const port = typeof named === "number" ? named : USUAL_PORTS[protocol][isTls ? 0 : 1];
  const tls = isTls ? (STARTTLS_PORTS.includes(port) ? "starttls" : "implicit") : "plain";
  return { protocol, host, port, tls };
}

function valueOf(node: XmlNode): Plist {
  switch (node.name) {
    case "dict": {
      const keys = node.children.filter(({ name }) => name === "key");
      return Object.fromEntries(
        keys.map((key) => {
          const value = node.children[node.children.indexOf(key) + 1];
          return [key.text, value === undefined ? "" : valueOf(value)];
        }),
      );
    }
    case "array":
      return node.children.map(valueOf);
    case "true":
    case "false":
      return node.name === "true";
    case "integer":
      return Number(node.text);
    default:
      return node.text;
  }
}

function dictOf(value: Plist): Readonly<Record<string, Plist>> {
  return typeof value === "object" && !Array.isArray(value) ? (value as Readonly<Record<string, Plist>>) : {};
}
