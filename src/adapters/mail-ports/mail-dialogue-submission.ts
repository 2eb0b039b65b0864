/** Message submission as a client speaks it (RFC 6409, 3207, 4954), and SMTP between servers as far as its handshake. */
import {
  MailProtocolError,
  encodePlain,
  readUntil,
  type LoginResult,
  type MailCredentials,
  type MailDialogue,
} from "./mail-dialogue.ts";
import type { LineSocket } from "./mail-line-socket.ts";

/** RFC 5321 §4.1.3: an address literal, for a client that has no name of its own. */
const CLIENT_NAME = "[127.0.0.1]";

const AUTH_PLAIN = /^AUTH[ =](.* )?PLAIN\b/;

export const submissionDialogue: MailDialogue = {
  greet: async (line) => {
    const reply = await readSmtpReply(line);
    const text = reply.at(-1) ?? "";
    if (!text.startsWith("220")) throw new MailProtocolError(`Not an SMTP greeting: ${text.slice(0, 120)}`);
    return text;
  },
  capabilities: async (line) => {
    line.write(`EHLO ${CLIENT_NAME}\r\n`);
    const reply = await readSmtpReply(line);
    if (!reply[0]?.startsWith("250")) throw new MailProtocolError(`EHLO was refused: ${reply.at(-1) ?? ""}`);
    return reply.slice(1).map((text) => text.slice(4).trim().toUpperCase());
  },
  plainOffers: async (line, capabilities) => {
    if (!capabilities.some((entry) => AUTH_PLAIN.test(entry))) return capabilities;
    // Without the first response: a server that lets it asks on with 334, and `*` takes it back (RFC 4954 §4).
    line.write("AUTH PLAIN\r\n");
    const reply = (await readSmtpReply(line)).at(-1) ?? "";
    if (!reply.startsWith("334")) return capabilities.filter((entry) => !/^AUTH[ =]/.test(entry));
    line.write("*\r\n");
    await readSmtpReply(line);
    return capabilities;
  },
  startTls: async (line) => {
    line.write("STARTTLS\r\n");
    const reply = (await readSmtpReply(line)).at(-1) ?? "";
    return reply.startsWith("220") ? undefined : reply;
  },
  logIn,
  quit: (line) => line.write("QUIT\r\n"),
};

/** SMTP at port 25, where servers deliver and no user logs in. */
export const smtpDialogue: MailDialogue = {
  ...submissionDialogue,
  plainOffers: async (_line, capabilities) => capabilities,
  logIn: async () => ({ result: "unavailable", reply: "Nobody logs in to SMTP between servers." }),
};

async function logIn(line: LineSocket, credentials: MailCredentials): Promise<LoginResult> {
  line.write(`AUTH PLAIN ${encodePlain(credentials)}\r\n`);
  let reply = (await readSmtpReply(line)).at(-1) ?? "";
  if (reply.startsWith("504")) {
    // Exchange offers LOGIN alone.
    line.write("AUTH LOGIN\r\n");
    reply = (await readSmtpReply(line)).at(-1) ?? "";
    for (const answer of [credentials.username, credentials.password]) {
      if (!reply.startsWith("334")) break;
      line.write(`${Buffer.from(answer, "utf8").toString("base64")}\r\n`);
      reply = (await readSmtpReply(line)).at(-1) ?? "";
    }
  }
  if (reply.startsWith("235")) return { result: "accepted" };
  // RFC 4954 §6: 535 is the password's; 454, 530, 534 and 538 are the server's.
  return { result: reply.startsWith("535") ? "refused" : "unavailable", reply };
}

/** Reads a reply of one or more lines (RFC 5321 §4.2.1: `250-` goes on, `250 ` ends). */
async function readSmtpReply(line: LineSocket): Promise<readonly string[]> {
  const lines = await readUntil(line, (text) => !/^\d{3}-/.test(text));
  if (!/^\d{3}(?: |$)/.test(lines.at(-1) ?? "")) {
    throw new MailProtocolError(`Not an SMTP reply: ${(lines.at(-1) ?? "").slice(0, 120)}`);
  }
  return lines;
}
