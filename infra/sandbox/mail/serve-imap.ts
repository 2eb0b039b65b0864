/**
 * IMAP4rev1 (RFC 3501) as far as an account set-up goes: log in, look at an empty INBOX, wait, leave. No messages are stored:
 * commands that would need one are answered as an empty mailbox answers them.
 */
import { LineTooLongError } from "../../../src/adapters/mail-ports/mail-line-socket.ts";
import { isSyntaxError, parseImapCommand, parseLiteral, type ImapCommand } from "./imap-command.ts";
import { answerMailboxCommand, type MailboxState } from "./imap-mailbox.ts";
import type { MailConnection } from "./line-server.ts";
import { findUser, parsePlain, type ReadUsers } from "./mail-users.ts";

/** RFC 7162 §4 asks for 8,192 at least. */
const MAXIMUM_LINE_BYTES = 8192;
const MAXIMUM_LITERALS_BYTES = 64 * 1024;
/** RFC 3501 §5.4: not less than 30 minutes. */
const IDLE_AFTER_LOGIN_MS = 30 * 60 * 1000;
const MAXIMUM_FAILURES = 5;
const CAPABILITIES = "IMAP4rev1 SASL-IR LITERAL+ ID NAMESPACE IDLE UNSELECT";

interface Session extends MailboxState {
  readonly connection: MailConnection;
  readonly users: ReadUsers;
  failures: number;
  isLeaving: boolean;
}

/** Serves one connection until LOGOUT, its end, or too many errors. */
export async function serveImap(connection: MailConnection, users: ReadUsers): Promise<void> {
  const session: Session = {
    connection,
    users,
    user: undefined,
    selected: false,
    failures: 0,
    isLeaving: false,
  };
  const { line } = connection;
  line.write(`* OK [CAPABILITY ${capabilities(session)}] Sandbox IMAP ready\r\n`);
  while (!session.isLeaving) {
    const command = await readCommand(session);
    if (command === undefined) return;
    if (isSyntaxError(command)) {
      line.write(`${command.tag} BAD ${command.problem}\r\n`);
      countFailure(session);
    } else {
      await answer(session, command);
    }
  }
}

function capabilities(session: Session): string {
  if (session.user !== undefined) return CAPABILITIES;
  return session.connection.isSecure
    ? `${CAPABILITIES} AUTH=PLAIN`
    : `${CAPABILITIES} STARTTLS LOGINDISABLED`;
}

/** Reads one command with its literals; undefined where the client has left. */
async function readCommand(session: Session): Promise<ReturnType<typeof parseImapCommand> | undefined> {
  const { line } = session.connection;
  const lines: string[] = [];
  const literals: Buffer[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const text = await line.readLine(MAXIMUM_LINE_BYTES);
      if (text === undefined) return undefined;
      lines.push(text);
      const literal = parseLiteral(text);
      if (literal === undefined) return parseImapCommand(lines, literals);
      bytes += literal.bytes;
      if (bytes > MAXIMUM_LITERALS_BYTES) {
        // A literal that does not wait is on its way already: only the end of the connection stops it.
        if (!literal.waits) return leave(session, "* BYE Literal too long");
        return { tag: /^\S+/.exec(lines[0] ?? "")?.[0] ?? "*", problem: "Literal too long" };
      }
      if (literal.waits) line.write("+ Ready\r\n");
      const data = await line.readBytes(literal.bytes);
      if (data === undefined) return undefined;
      literals.push(data);
    }
  } catch (error) {
    if (error instanceof LineTooLongError) return leave(session, "* BYE Line too long");
    throw error;
  }
}

async function answer(session: Session, command: ImapCommand): Promise<void> {
  const { line } = session.connection;
  const { tag, name, args } = command;
  switch (name) {
    case "CAPABILITY":
      return line.write(`* CAPABILITY ${capabilities(session)}\r\n${tag} OK Done\r\n`);
    case "NOOP":
      return line.write(`${tag} OK Done\r\n`);
    case "ID":
      // RFC 2971.
      return line.write(`* ID ("name" "mail-autodiscover sandbox")\r\n${tag} OK Done\r\n`);
    case "LOGOUT":
      leave(session, "* BYE Logging out");
      return line.write(`${tag} OK Done\r\n`);
    case "STARTTLS":
      return startTls(session, tag);
    case "LOGIN":
    case "AUTHENTICATE":
      return authenticate(session, command);
    default:
  }
  if (session.user === undefined) return line.write(`${tag} BAD Unknown command, or log in first\r\n`);
  if (name === "IDLE") return idle(session, tag);
  line.write(answerMailboxCommand(session, tag, name, args));
}

async function startTls(session: Session, tag: string): Promise<void> {
  const { connection } = session;
  if (connection.isSecure) return connection.line.write(`${tag} BAD TLS is active\r\n`);
  await connection.startTls(`${tag} OK Begin TLS negotiation now\r\n`);
}

async function authenticate(session: Session, { tag, name, args }: ImapCommand): Promise<void> {
  const { line, isSecure } = session.connection;
  if (session.user !== undefined) return line.write(`${tag} BAD Logged in already\r\n`);
  // RFC 3501 §6.2.3: LOGINDISABLED; RFC 5530 gives the code. Checked before a password could be asked for.
  if (!isSecure) return line.write(`${tag} NO [PRIVACYREQUIRED] Use STARTTLS first\r\n`);
  let credentials: { username: string; password: string } | undefined;
  if (name === "LOGIN") {
    const [username, password] = args;
    if (typeof username !== "string" || typeof password !== "string" || args.length !== 2) {
      return line.write(`${tag} BAD LOGIN needs a user name and a password\r\n`);
    }
    credentials = { username, password };
  } else {
    const [mechanism, initial] = args;
    if (typeof mechanism !== "string") return line.write(`${tag} BAD AUTHENTICATE needs a mechanism\r\n`);
    if (mechanism.toUpperCase() !== "PLAIN")
      return line.write(`${tag} NO [CANNOT] Only PLAIN is offered\r\n`);
    const response = typeof initial === "string" ? initial : await askForResponse(session);
    if (response === undefined) return;
    credentials = parsePlain(response);
    if (credentials === undefined) return line.write(`${tag} BAD Invalid SASL PLAIN response\r\n`);
  }
  session.user = findUser(session.users(), credentials.username, credentials.password);
  if (session.user === undefined) {
    line.write(`${tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n`);
    return countFailure(session);
  }
  session.connection.setIdleTimeout(IDLE_AFTER_LOGIN_MS);
  line.write(`${tag} OK [CAPABILITY ${capabilities(session)}] Logged in\r\n`);
}

async function askForResponse(session: Session): Promise<string | undefined> {
  session.connection.line.write("+ \r\n");
  return session.connection.line.readLine(MAXIMUM_LINE_BYTES);
}

/** RFC 2177. Nothing ever arrives here, so there is nothing to say until DONE. */
async function idle(session: Session, tag: string): Promise<void> {
  const { line } = session.connection;
  line.write("+ idling\r\n");
  const text = await line.readLine(MAXIMUM_LINE_BYTES);
  if (text === undefined) return;
  line.write(text.toUpperCase() === "DONE" ? `${tag} OK Done\r\n` : `${tag} BAD Expected DONE\r\n`);
}

function countFailure(session: Session): void {
  session.failures += 1;
  if (session.failures >= MAXIMUM_FAILURES) leave(session, "* BYE Too many errors");
}

function leave(session: Session, farewell: string): undefined {
  session.connection.line.write(`${farewell}\r\n`);
  session.isLeaving = true;
}
