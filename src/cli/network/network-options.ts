import { isIPv4, isIPv6 } from "node:net";
import { InvalidArgumentError, type Command } from "commander";
import { toAscii } from "../../spec/host-name.ts";
import { readAddress } from "../arguments/read-address.ts";
import { readDuration } from "../arguments/read-duration.ts";

/** Where the network is, for commands that look at living domains; the words of `mail-autodiscover:network`. */
export interface NetworkOptions {
  readonly resolver?: string;
  readonly doh?: readonly string[];
  readonly caFile?: string;
  readonly connectTo?: readonly string[];
  readonly allowPrivate?: true;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Adds the options of {@link NetworkOptions} to a command. */
export function addNetworkOptions(command: Command): Command {
  return command
    .option("--resolver <ip:port>", "DNS server asked instead of the system's", readServer)
    .option(
      "--doh <url>",
      "resolver over HTTPS instead of the system's, or where --resolver stays silent (repeatable)",
      addUrl,
    )
    .option("--ca-file <file>", "PEM roots trusted instead of the system's")
    .option("--connect-to <host:port:ip:port>", "where connections to host:port go (repeatable)", addRule)
    .option("--allow-private", "connect to addresses that are not public, too")
    .option("--timeout <time>", "for one request or mail port (default: 5s)", readDuration);
}

/** Reads a DNS server, `ip` or `ip:port`. @throws InvalidArgumentError */
export function readServer(text: string): string {
  if (isIPv4(text)) return text;
  if (isIPv6(text)) return `[${text}]`;
  if (isIPv6(/^\[(.+)\]$/.exec(text)?.[1] ?? "")) return text;
  const { port } = readAddress(text);
  if (port === 0) throw new InvalidArgumentError("Write ip:port, such as 192.0.2.53:53.");
  return text;
}

function addUrl(text: string, former: readonly string[] = []): readonly string[] {
  if (URL.parse(text)?.protocol !== "https:") {
    throw new InvalidArgumentError("Write a URL such as https://192.0.2.53/dns-query.");
  }
  return [...former, text];
}

/** The host in the form in which names are asked for. */
function addRule(text: string, former: readonly string[] = []): readonly string[] {
  const [, host, from, to] = /^(\[[\da-f:.]+\]|[^:[\]/\s]+):(\d{1,5}):(.+)$/i.exec(text) ?? [];
  const name = host?.startsWith("[") === true ? host.toLowerCase() : toAscii(host?.replace(/\.$/, "") ?? "");
  if (name === undefined || to === undefined || !isPort(Number(from)) || !isAddressWithPort(to)) {
    throw new InvalidArgumentError("Write host:port:ip:port, such as mail.example.com:993:127.0.0.1:30993.");
  }
  return [...former, `${name}:${from}:${to}`];
}

function isAddressWithPort(text: string): boolean {
  try {
    return isPort(readAddress(text).port);
  } catch {
    return false;
  }
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
