import { childrenOf, parseXmlTree, textOf, type XmlNode } from "./xml-tree.ts";

/** A `Protocol` element of Autodiscover POX with its raw texts; absent elements have meanings of their own. */
export interface PoxProtocol {
  /** `IMAP`, `POP3`, `SMTP`, or Exchange's; as written. */
  readonly type: string;
  readonly server: string | undefined;
  readonly port: string | undefined;
  readonly loginName: string | undefined;
  /** Absent means `on` (MS-OXDSCLI §2.2.4.1.1.2.6.33). */
  readonly ssl: string | undefined;
  /** `None`, `SSL` (implicit TLS), `TLS` (STARTTLS), `Auto`; overrides `SSL`. */
  readonly encryption: string | undefined;
  /** Absent means `on`: NTLM. */
  readonly spa: string | undefined;
  /** Exchange's own place; a mail protocol has none. */
  readonly ewsUrl: string | undefined;
}

/** An answer of Autodiscover POX, read and not yet judged. */
export interface PoxDocument {
  /** `xmlns` of the root; undefined where it has none. */
  readonly namespace: string | undefined;
  /** `xmlns` of `Response`; undefined where it has none of its own. */
  readonly responseNamespace: string | undefined;
  readonly errorCode: string | undefined;
  readonly accountType: string | undefined;
  readonly action: string | undefined;
  readonly redirectUrl: string | undefined;
  readonly redirectAddress: string | undefined;
  readonly protocols: readonly PoxProtocol[];
}

/** Returns the answer; undefined where it is no XML with a root `Autodiscover` and a `Response`. */
export function parsePox(text: string): PoxDocument | undefined {
  const root = parseXmlTree(text);
  const [response] = childrenOf(root, "Response");
  if (root?.name !== "Autodiscover" || response === undefined) return undefined;
  const [account] = childrenOf(response, "Account");
  return {
    namespace: root.attributes["xmlns"],
    responseNamespace: response.attributes["xmlns"],
    errorCode: textOf(childrenOf(response, "Error")[0], "ErrorCode"),
    accountType: textOf(account, "AccountType"),
    action: textOf(account, "Action"),
    redirectUrl: textOf(account, "RedirectUrl"),
    redirectAddress: textOf(account, "RedirectAddr"),
    protocols: childrenOf(account, "Protocol").map(readProtocol),
  };
}

function readProtocol(node: XmlNode): PoxProtocol {
  return {
    type: textOf(node, "Type") ?? "",
    server: textOf(node, "Server"),
    port: textOf(node, "Port"),
    loginName: textOf(node, "LoginName"),
    ssl: textOf(node, "SSL"),
    encryption: textOf(node, "Encryption"),
    spa: textOf(node, "SPA"),
    ewsUrl: textOf(node, "EwsUrl"),
  };
}
