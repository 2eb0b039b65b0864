/** IMAP as a client speaks it (RFC 3501 and 9051). */
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

export const imapDialogue: MailDialogue = {
  greet: async (line) => {
    const text = await readReply(line);
    // PREAUTH would skip the login, and over plain text the handshake too (RFC 8314 §3.2): no greeting for a mail account.
    if (!/^\* OK\b/i.test(text)) throw new MailProtocolError(`Not an IMAP greeting: ${text.slice(0, 120)}`);
    return text;
  },
  capabilities: async (line) => {
    const lines = await command(line, "a1", "CAPABILITY");
    const found = lines.find((text) => /^\* CAPABILITY /i.test(text)) ?? "";
    return found.toUpperCase().split(/\s+/).slice(2);
  },
  startTls: async (line) => {
    const reply = (await command(line, "a2", "STARTTLS")).at(-1) ?? "";
    return isOk(reply) ? undefined : reply;
  },
  logIn: async (line, credentials) => {
    line.write("a3 AUTHENTICATE PLAIN\r\n");
    // Without a continuation the mechanism is not known there, and nothing secret was sent: LOGIN is left.
    if ((await readStep(line, "a3")).startsWith("+")) {
      line.write(`${encodePlain(credentials)}\r\n`);
      return readLogin(await readFinal(line, "a3"));
    }
    return logInByCommand(line, credentials);
  },
  quit: (line) => line.write("a9 LOGOUT\r\n"),
};

/** LOGIN with literals, which carry any byte that a password may have. */
async function logInByCommand(line: LineSocket, credentials: MailCredentials): Promise<LoginResult> {
  const username = Buffer.from(credentials.username, "utf8").toString("latin1");
  const password = Buffer.from(credentials.password, "utf8").toString("latin1");
  line.write(`a4 LOGIN {${String(username.length)}}\r\n`);
  for (const text of [`${username} {${String(password.length)}}`, password]) {
    const reply = await readStep(line, "a4");
    if (!reply.startsWith("+")) return readLogin(reply);
    line.write(`${text}\r\n`);
  }
  return readLogin(await readFinal(line, "a4"));
}

/** The next continuation or the command's end. */
async function readStep(line: LineSocket, tag: string): Promise<string> {
  const lines = await readUntil(line, (text) => text.startsWith("+") || text.startsWith(`${tag} `));
  return lines.at(-1) ?? "";
}

async function readFinal(line: LineSocket, tag: string): Promise<string> {
  return (await readUntil(line, (text) => text.startsWith(`${tag} `))).at(-1) ?? "";
}

function readLogin(reply: string): LoginResult {
  if (isOk(reply)) return { result: "accepted" };
  // RFC 5530 §3: these codes speak of the server, not of the password. Without a code a NO is the password's (RFC 3501 §6.2.2).
  const isServerFault = /\[(?:UNAVAILABLE|PRIVACYREQUIRED|CONTACTADMIN|SERVERBUG|LIMIT|INUSE|CANNOT)\]/i.test(
    reply,
  );
  return {
    result: /^\S+ NO\b/i.test(reply) && !isServerFault ? "refused" : "unavailable",
    reply: reply.slice(3),
  };
}

async function command(line: LineSocket, tag: string, text: string): Promise<readonly string[]> {
  line.write(`${tag} ${text}\r\n`);
  return readUntil(line, (reply) => reply.startsWith(`${tag} `));
}

function isOk(reply: string): boolean {
  return /^\S+ OK\b/i.test(reply);
}
