/** POP3 as a client speaks it (RFC 1939, 2449, 2595, 5034). */
import {
  MailProtocolError,
  encodePlain,
  readReply,
  readUntil,
  type LoginResult,
  type MailCredentials,
  type MailDialogue,
} from "./mail-dialogue.ts";
import type { LineSocket } from "./mail-line-socket.ts";

export const pop3Dialogue: MailDialogue = {
  greet: async (line) => {
    const text = await readReply(line);
    if (!isOk(text)) throw new MailProtocolError(`Not a POP3 greeting: ${text.slice(0, 120)}`);
    return text;
  },
  capabilities: readCapabilities,
  startTls: async (line) => {
    line.write("STLS\r\n");
    const reply = await readReply(line);
    return isOk(reply) ? undefined : reply;
  },
  logIn: async (line, credentials) => {
    const capabilities = await readCapabilities(line);
    return capabilities.some((entry) => /^SASL\b.*\bPLAIN\b/.test(entry))
      ? authenticatePlain(line, credentials)
      : logInByUser(line, credentials);
  },
  quit: (line) => line.write("QUIT\r\n"),
};

/** A server that does not know CAPA offers nothing (RFC 2449 is optional). */
async function readCapabilities(line: LineSocket): Promise<readonly string[]> {
  line.write("CAPA\r\n");
  if (!isOk(await readReply(line))) return [];
  const lines = await readUntil(line, (text) => text === ".");
  return lines.slice(0, -1).map((text) => text.toUpperCase());
}

async function authenticatePlain(line: LineSocket, credentials: MailCredentials): Promise<LoginResult> {
  line.write("AUTH PLAIN\r\n");
  let reply = await readReply(line);
  if (reply.startsWith("+ ") || reply === "+") {
    line.write(`${encodePlain(credentials)}\r\n`);
    reply = await readReply(line);
  }
  return readLogin(reply);
}

async function logInByUser(line: LineSocket, { username, password }: MailCredentials): Promise<LoginResult> {
  // A line end would let a name or a password become a command.
  if (/[\r\n\0]/.test(username + password))
    return { result: "unavailable", reply: "Not sendable by USER and PASS." };
  line.write(`USER ${toLatin1(username)}\r\n`);
  const reply = await readReply(line);
  if (!isOk(reply)) return readLogin(reply);
  line.write(`PASS ${toLatin1(password)}\r\n`);
  return readLogin(await readReply(line));
}

function readLogin(reply: string): LoginResult {
  if (isOk(reply)) return { result: "accepted" };
  // RFC 3206, RFC 2449 §8.1: these codes speak of the server, not of the password.
  return { result: /\[(?:SYS\/|IN-USE|LOGIN-DELAY)/i.test(reply) ? "unavailable" : "refused", reply };
}

function isOk(reply: string): boolean {
  return /^\+OK\b/i.test(reply);
}

/** The socket writes Latin-1: UTF-8 bytes (RFC 6856) pass through as they are. */
function toLatin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
