/** What is said to a mail server before and after STARTTLS, and to log in. */
import type { LineSocket } from "./mail-line-socket.ts";

export interface MailCredentials {
  readonly username: string;
  readonly password: string;
}

/** `refused`: the server's own answer to a wrong user or password. `unavailable`: no common way to log in, or a fault of the server. */
export type LoginResult =
  | { readonly result: "accepted" }
  | { readonly result: "refused" | "unavailable"; readonly reply: string };

export interface MailDialogue {
  /** Reads the greeting; throws MailProtocolError where it is none. */
  greet(line: LineSocket): Promise<string>;
  /** In upper case, one entry a keyword with its parameters. */
  capabilities(line: LineSocket): Promise<readonly string[]>;
  /**
   * Returns what of the capabilities before STARTTLS would really be let: some servers name AUTH there and refuse it. Without
   * it they are as told. Nothing secret is sent.
   */
  plainOffers?(line: LineSocket, capabilities: readonly string[]): Promise<readonly string[]>;
  /** Asks for STARTTLS; returns undefined when the handshake may start, and the server's refusal otherwise. */
  startTls(line: LineSocket): Promise<string | undefined>;
  /** Reads the capabilities that the server tells unasked once STARTTLS is done. Without it they are asked for. */
  toldAfterTls?(line: LineSocket): Promise<readonly string[]>;
  /** Logs in by PLAIN. Only over TLS that is trusted. */
  logIn(line: LineSocket, credentials: MailCredentials): Promise<LoginResult>;
  quit(line: LineSocket): void;
}

/** The server closed, or said something that the protocol does not allow here. */
export class MailProtocolError extends Error {
  override readonly name: string = "MailProtocolError";
}

/** A hostile server must not fill the memory: capability lines of real servers stay under 2 KB. */
export const MAXIMUM_LINE_BYTES = 8192;
const MAXIMUM_LINES = 200;

export async function readReply(line: LineSocket): Promise<string> {
  const text = await line.readLine(MAXIMUM_LINE_BYTES);
  if (text === undefined) throw new MailProtocolError("The server closed the connection.");
  return text;
}

/** SASL PLAIN (RFC 4616) in base64. */
export function encodePlain({ username, password }: MailCredentials): string {
  return Buffer.from(`\0${username}\0${password}`, "utf8").toString("base64");
}

/**
 * Reads lines until `isLast` says so; the last one is the final entry.
 *
 * @param read Reads one line, where a protocol has lines of more than one. Default {@link readReply}.
 */
export async function readUntil(
  line: LineSocket,
  isLast: (text: string) => boolean,
  read: (line: LineSocket) => Promise<string> = readReply,
): Promise<readonly string[]> {
  const lines: string[] = [];
  while (lines.length < MAXIMUM_LINES) {
    const text = await read(line);
    lines.push(text);
    if (isLast(text)) return lines;
  }
  throw new MailProtocolError(`The server's answer is longer than ${String(MAXIMUM_LINES)} lines.`);
}
