/** ManageSieve as a client speaks it (RFC 5804). */
import {
  MAXIMUM_LINE_BYTES,
  MailProtocolError,
  encodePlain,
  readReply,
  readUntil,
  type MailDialogue,
} from "./mail-dialogue.ts";
import type { LineSocket } from "./mail-line-socket.ts";

export const sieveDialogue: MailDialogue = {
  greet: async (line) => {
    const lines = await readResponse(line);
    const first = lines[0] ?? "";
    // The capabilities, then OK (§1.7); whoever greets otherwise is busy (BYE), or another protocol.
    if (!isOk(lines.at(-1) ?? ""))
      throw new MailProtocolError(`Not a ManageSieve greeting: ${shorten(first)}`);
    return first;
  },
  capabilities: async (line) => {
    line.write("CAPABILITY\r\n");
    return readCapabilities(line);
  },
  startTls: async (line) => {
    line.write("STARTTLS\r\n");
    const reply = (await readResponse(line)).at(-1) ?? "";
    return isOk(reply) ? undefined : reply;
  },
  // What was told before the handshake is to be thrown away: the server tells it anew (§2.2).
  toldAfterTls: readCapabilities,
  logIn: async (line, credentials) => {
    line.write(`AUTHENTICATE "PLAIN" "${encodePlain(credentials)}"\r\n`);
    const reply = (await readResponse(line)).at(-1) ?? "";
    if (isOk(reply)) return { result: "accepted" };
    // §1.3: these codes speak of the server, not of the password.
    const isServerFault = /^NO \((?:TRYLATER|ENCRYPT-NEEDED|AUTH-TOO-WEAK|TRANSITION-NEEDED)/i.test(reply);
    return { result: /^NO\b/i.test(reply) && !isServerFault ? "refused" : "unavailable", reply };
  },
  quit: (line) => line.write("LOGOUT\r\n"),
};

/** One entry a capability, `SASL PLAIN LOGIN`, as the other protocols write them. */
async function readCapabilities(line: LineSocket): Promise<readonly string[]> {
  const lines = await readResponse(line);
  if (!isOk(lines.at(-1) ?? "")) throw new MailProtocolError(`CAPABILITY was refused: ${lines.at(-1) ?? ""}`);
  return lines.slice(0, -1).map((text) => {
    const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = ""]) => inner);
    return strings.join(" ").replaceAll("\\", "").trim().toUpperCase();
  });
}

/** Reads a response up to its OK, NO or BYE (§1.2). */
async function readResponse(line: LineSocket): Promise<readonly string[]> {
  return readUntil(line, (text) => /^(?:OK|NO|BYE)\b/i.test(text), readStrings);
}

/** A line whose strings may be literals, which hold line ends (§4); they stand in quotes here, as in other lines. */
async function readStrings(line: LineSocket): Promise<string> {
  let text = "";
  for (;;) {
    text += await readReply(line);
    const literal = /\{(\d+)\+?\}$/.exec(text);
    if (literal === null) return text;
    const length = Number(literal[1]);
    if (text.length + length > MAXIMUM_LINE_BYTES) throw new MailProtocolError("A literal is too long.");
    const bytes = await line.readBytes(length);
    if (bytes === undefined) throw new MailProtocolError("The server closed the connection.");
    const escaped = bytes.toString("latin1").replaceAll(/["\\]/g, String.raw`\$&`);
    text = `${text.slice(0, literal.index)}"${escaped}"`;
  }
}

function isOk(reply: string): boolean {
  return /^OK\b/i.test(reply);
}

function shorten(text: string): string {
  return text.slice(0, 120);
}
