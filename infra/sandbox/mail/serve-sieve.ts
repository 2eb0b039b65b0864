/** ManageSieve (RFC 5804) as far as its login: STARTTLS, PLAIN, and an account without a script. */
import { LineTooLongError } from "../../../src/adapters/mail-ports/mail-line-socket.ts";
import type { MailConnection } from "./line-server.ts";
import { findUser, parsePlain, type MailUser, type ReadUsers } from "./mail-users.ts";

const MAXIMUM_LINE_BYTES = 2048;
/** RFC 5804 §1.2: not less than 30 minutes. */
const IDLE_AFTER_LOGIN_MS = 30 * 60 * 1000;
const MAXIMUM_FAILURES = 5;

interface Session {
  readonly connection: MailConnection;
  readonly users: ReadUsers;
  user: MailUser | undefined;
  failures: number;
  isLeaving: boolean;
}

/** Serves one connection until LOGOUT, its end, or too many errors. */
export async function serveSieve(connection: MailConnection, users: ReadUsers): Promise<void> {
  const session: Session = { connection, users, user: undefined, failures: 0, isLeaving: false };
  const { line } = connection;
  line.write(renderCapabilities(session, "Sandbox ManageSieve ready"));
  try {
    while (!session.isLeaving) {
      const text = await line.readLine(MAXIMUM_LINE_BYTES);
      if (text === undefined) return;
      const [, keyword = "", argument = ""] = /^(\S+) ?(.*)$/.exec(text) ?? [];
      await answer(session, keyword.toUpperCase(), argument);
    }
  } catch (error) {
    if (!(error instanceof LineTooLongError)) throw error;
    line.write('BYE "Line too long"\r\n');
  }
}

async function answer(session: Session, keyword: string, argument: string): Promise<void> {
  const { connection } = session;
  const { line, isSecure } = connection;
  switch (keyword) {
    case "CAPABILITY":
      return line.write(renderCapabilities(session, "Capabilities"));
    case "NOOP":
      return line.write('OK "Done"\r\n');
    case "LOGOUT":
      session.isLeaving = true;
      return line.write('OK "Bye"\r\n');
    case "STARTTLS":
      if (isSecure) return refuse(session, "TLS is active");
      await connection.startTls('OK "Begin TLS negotiation"\r\n');
      // §2.2: what was told before is void, and told anew unasked.
      return line.write(renderCapabilities(session, "TLS is active"));
    case "AUTHENTICATE":
      if (session.user !== undefined) return refuse(session, "Logged in already");
      return isSecure ? logIn(session, argument) : refuse(session, "Use STARTTLS first", "ENCRYPT-NEEDED");
    case "LISTSCRIPTS":
      return session.user === undefined
        ? refuse(session, "Log in first")
        : line.write('OK "There is no script"\r\n');
    default:
      refuse(session, "Unknown command");
  }
}

function renderCapabilities({ connection, user }: Session, words: string): string {
  const lines = [
    '"IMPLEMENTATION" "Sandbox"',
    '"SIEVE" "fileinto"',
    `"SASL" "${connection.isSecure && user === undefined ? "PLAIN" : ""}"`,
    ...(connection.isSecure ? [] : ['"STARTTLS"']),
    '"VERSION" "1.0"',
    `OK "${words}"`,
  ];
  return lines.map((text) => `${text}\r\n`).join("");
}

function logIn(session: Session, argument: string): void {
  const [, mechanism, response] = /^"([^"]*)" "([^"]*)"$/.exec(argument) ?? [];
  if (mechanism?.toUpperCase() !== "PLAIN" || response === undefined) {
    return refuse(session, "Only PLAIN with its response is offered");
  }
  const credentials = parsePlain(response);
  session.user = credentials && findUser(session.users(), credentials.username, credentials.password);
  if (session.user === undefined) return refuse(session, "Invalid credentials");
  session.connection.setIdleTimeout(IDLE_AFTER_LOGIN_MS);
  session.connection.line.write('OK "Logged in"\r\n');
}

function refuse(session: Session, problem: string, code?: string): void {
  session.failures += 1;
  session.isLeaving = session.failures >= MAXIMUM_FAILURES;
  const beside = code === undefined ? "" : ` (${code})`;
  session.connection.line.write(`NO${beside} "${problem}"\r\n`);
}
