/** POP3 (RFC 1939, 2449, 2595, 5034) over an empty maildrop: log in, look, leave. */
import { LineTooLongError } from "../../../src/adapters/mail-ports/mail-line-socket.ts";
import type { MailConnection } from "./line-server.ts";
import { findUser, parsePlain, type MailUser, type ReadUsers } from "./mail-users.ts";

/** RFC 2449 §4 allows 255; a base64 PLAIN response may be longer (RFC 5034 §4). */
const MAXIMUM_LINE_BYTES = 2048;
/** RFC 1939 §3: not less than 10 minutes. */
const IDLE_AFTER_LOGIN_MS = 10 * 60 * 1000;
const MAXIMUM_FAILURES = 5;

interface Session {
  readonly connection: MailConnection;
  readonly users: ReadUsers;
  /** What USER named, until PASS. */
  pending: string | undefined;
  user: MailUser | undefined;
  failures: number;
  isLeaving: boolean;
}

/** Serves one connection until QUIT, its end, or too many errors. */
export async function servePop3(connection: MailConnection, users: ReadUsers): Promise<void> {
  const session: Session = {
    connection,
    users,
    pending: undefined,
    user: undefined,
    failures: 0,
    isLeaving: false,
  };
  const { line } = connection;
  line.write("+OK Sandbox POP3 ready\r\n");
  try {
    while (!session.isLeaving) {
      const text = await line.readLine(MAXIMUM_LINE_BYTES);
      if (text === undefined) return;
      const [, keyword, argument] = /^(\S+)(?: (.*))?$/.exec(text) ?? [];
      if (keyword === undefined) refuse(session, "Malformed command");
      else await answer(session, keyword.toUpperCase(), decode(argument ?? ""));
    }
  } catch (error) {
    if (!(error instanceof LineTooLongError)) throw error;
    line.write("-ERR Line too long\r\n");
  }
}

async function answer(session: Session, keyword: string, argument: string): Promise<void> {
  const { connection } = session;
  const { line, isSecure } = connection;
  switch (keyword) {
    case "CAPA":
      return line.write(renderCapabilities(isSecure));
    case "QUIT":
      session.isLeaving = true;
      return line.write("+OK Bye\r\n");
    case "STLS":
      if (isSecure) return refuse(session, "TLS is active");
      await connection.startTls("+OK Begin TLS negotiation\r\n");
      return;
    case "USER":
    case "PASS":
    case "AUTH":
      if (session.user !== undefined) return refuse(session, "Logged in already");
      // RFC 3206 has no code for it; SYS/PERM tells the client that another try is pointless.
      if (!isSecure) return refuse(session, "[SYS/PERM] Use STLS first");
      return authenticate(session, keyword, argument);
    default:
  }
  if (session.user === undefined) return refuse(session, "Unknown command, or log in first");
  answerTransaction(session, keyword, argument);
}

function renderCapabilities(isSecure: boolean): string {
  const ways = isSecure ? ["USER", "SASL PLAIN"] : ["STLS"];
  return ["+OK", ...ways, "UIDL", "TOP", "RESP-CODES", "AUTH-RESP-CODE", ".", ""].join("\r\n");
}

async function authenticate(session: Session, keyword: string, argument: string): Promise<void> {
  const { line } = session.connection;
  if (keyword === "USER") {
    session.pending = argument;
    // Every name is welcome: an answer must not tell who exists.
    return line.write("+OK\r\n");
  }
  if (keyword === "PASS") {
    const username = session.pending;
    session.pending = undefined;
    if (username === undefined) return refuse(session, "USER comes first");
    return logIn(session, { username, password: argument });
  }
  const [mechanism, initial] = argument.split(" ");
  if (mechanism?.toUpperCase() !== "PLAIN") return refuse(session, "Only PLAIN is offered");
  if (initial === undefined) line.write("+ \r\n");
  const response = initial ?? (await line.readLine(MAXIMUM_LINE_BYTES));
  if (response === undefined) return;
  const credentials = parsePlain(response);
  if (credentials === undefined) return refuse(session, "Invalid SASL PLAIN response");
  logIn(session, credentials);
}

function logIn(session: Session, { username, password }: { username: string; password: string }): void {
  session.user = findUser(session.users(), username, password);
  if (session.user === undefined) return refuse(session, "[AUTH] Invalid credentials");
  session.connection.setIdleTimeout(IDLE_AFTER_LOGIN_MS);
  session.connection.line.write("+OK Logged in\r\n");
}

function answerTransaction(session: Session, keyword: string, argument: string): void {
  const { line } = session.connection;
  switch (keyword) {
    case "STAT":
      return line.write("+OK 0 0\r\n");
    case "LIST":
    case "UIDL":
      if (argument === "") return line.write("+OK\r\n.\r\n");
      return line.write("-ERR No such message\r\n");
    case "RETR":
    case "DELE":
    case "TOP":
      return line.write("-ERR No such message\r\n");
    case "NOOP":
    case "RSET":
      return line.write("+OK\r\n");
    default:
      refuse(session, "Unknown command");
  }
}

function refuse(session: Session, problem: string): void {
  session.failures += 1;
  session.isLeaving = session.failures >= MAXIMUM_FAILURES;
  session.connection.line.write(`-ERR ${problem}\r\n`);
}

function decode(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}
