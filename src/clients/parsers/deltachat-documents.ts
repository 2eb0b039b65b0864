import { fillPlaceholders } from "../ladder/conclude.ts";
import type { Mailbox } from "../ladder/discovery.ts";
import { readXmlEvents, type XmlEvent } from "./xml-events.ts";

/** A server as Delta Chat takes it from a document. */
export interface DeltaChatServer {
  readonly protocol: "imap" | "submission";
  readonly host: string;
  /** 0: the document's was none; the usual one is meant. */
  readonly port: number;
  /** `automatic`: TLS is tried, then STARTTLS, at the same port. */
  readonly socket: "implicit" | "starttls" | "plain" | "automatic";
  /** Undefined: the address. */
  readonly username: string | undefined;
}

const PROTOCOLS: Readonly<Record<string, DeltaChatServer["protocol"]>> = { imap: "imap", smtp: "submission" };
const SOCKETS: Readonly<Record<string, DeltaChatServer["socket"]>> = {
  ssl: "implicit",
  starttls: "starttls",
  plain: "plain",
};

/**
 * Reads autoconfig as Delta Chat does (`configure/auto_mozilla.rs`): element names and types in any case, host, port and user
 * name needed, anything that parses accepted, without servers if need be. Undefined: no XML even to this reader.
 */
export function readDeltaChatAutoconfig(
  text: string,
  mailbox: Mailbox,
): readonly DeltaChatServer[] | undefined {
  return collect(text, /^(incoming|outgoing)server$/, (values, type) => {
    const protocol = PROTOCOLS[type];
    const { hostname, port, username, sockettype = "" } = values;
    if (protocol === undefined || hostname === undefined || port === undefined || username === undefined)
      return undefined;
    return {
      protocol,
      host: fillPlaceholders(hostname, mailbox),
      port: portOrZero(port),
      socket: SOCKETS[sockettype.toLowerCase()] ?? "automatic",
      username: fillPlaceholders(username, mailbox),
    };
  });
}

/**
 * Reads Autodiscover POX as Delta Chat does (`configure/auto_outlook.rs`): `LoginName` and `Encryption` are ignored, `SSL` is
 * on unless it is `off` in lower case. A URL is the `RedirectUrl` that it follows. Undefined: no XML even to this reader.
 */
export function readDeltaChatPox(text: string): readonly DeltaChatServer[] | string | undefined {
  const events = readXmlEvents(text);
  const redirect =
    events?.findIndex((event) => event.kind === "start" && isNamed(event, "redirecturl")) ?? -1;
  if (redirect >= 0) {
    const content = events?.[redirect + 1];
    return content?.kind === "text" ? content.text : "";
  }
  return collect(text, /^protocol$/, ({ type = "", server, port, ssl }) => {
    const protocol = PROTOCOLS[type.toLowerCase()];
    if (protocol === undefined || server === undefined || port === undefined) return undefined;
    const socket = ssl === "off" ? "plain" : "automatic";
    return { protocol, host: server, port: portOrZero(port), socket, username: undefined };
  });
}

type Values = Readonly<Record<string, string | undefined>>;

/** Hands the texts inside each element of a name on, by the lower-case names of their elements; the last one counts. */
function collect(
  text: string,
  element: RegExp,
  read: (values: Values, type: string) => DeltaChatServer | undefined,
): readonly DeltaChatServer[] | undefined {
  const events = readXmlEvents(text);
  if (events === undefined) return undefined;
  const servers: (DeltaChatServer | undefined)[] = [];
  for (let at = 0; at < events.length; at += 1) {
    const event = events[at];
    if (event?.kind !== "start" || !element.test(event.name.toLowerCase())) continue;
    const length = events.slice(at).findIndex((each) => each.kind === "end" && each.name === event.name);
    const inside = events.slice(at + 1, length < 0 ? undefined : at + length);
    servers.push(read(textsOf(inside), typeOf(event)));
    at += inside.length;
  }
  return servers.filter((server) => server !== undefined);
}

function textsOf(events: readonly XmlEvent[]): Values {
  const values: Record<string, string> = {};
  let name = "";
  for (const event of events) {
    if (event.kind === "start") name = event.name.toLowerCase();
    else if (event.kind === "text") values[name] = event.text;
  }
  return values;
}

function typeOf({ attributes }: Extract<XmlEvent, { readonly kind: "start" }>): string {
  const [, type = ""] = Object.entries(attributes).find(([name]) => name.toLowerCase() === "type") ?? [];
  return type.toLowerCase();
}

function isNamed(event: Extract<XmlEvent, { readonly kind: "start" }>, name: string): boolean {
  return event.name.toLowerCase() === name;
}

function portOrZero(digits: string): number {
  const port = /^\+?\d+$/.test(digits) ? Number(digits) : 0;
  return port <= 65_535 ? port : 0;
}
