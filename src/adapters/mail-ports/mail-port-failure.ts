/** Why a mail port did not answer as it should: one outcome for each thing that a person would do about it. */
import { failureDetail } from "../failure-detail.ts";
import { InjectedDataError, LineTooLongError } from "./mail-line-socket.ts";
import { MailProtocolError } from "./mail-dialogue.ts";

/** How far the probe had come. */
export type MailPortPhase = "connect" | "tls" | "greeting" | "starttls" | "capabilities" | "login";

export interface MailPortFailure {
  /**
   * `unresolved`: the name has no address. `refused`: nothing listens. `unreachable`: no route, or the connection broke
   * before a word. `timeout`: silence in `phase`. `starttls-refused`: the server does not upgrade. `tls-failed`: the
   * handshake failed (an untrusted certificate is no failure: see `authorized`). `protocol-error`: another protocol, or a
   * broken one.
   */
  readonly outcome:
    | "unresolved"
    | "refused"
    | "unreachable"
    | "timeout"
    | "starttls-refused"
    | "tls-failed"
    | "protocol-error";
  readonly phase: MailPortPhase;
  /** What the system, OpenSSL or the server said. */
  readonly detail: string;
  /** `TLSv1` or `TLSv1.1`, where the handshake failed because the server speaks nothing newer. */
  readonly tlsProtocol?: string;
  readonly ms: number;
}

/** The server's answer to STARTTLS was no. */
export class StartTlsRefusedError extends Error {
  override readonly name: string = "StartTlsRefusedError";
}

export function describeFailure(error: unknown, phase: MailPortPhase, ms: number): MailPortFailure {
  return { outcome: outcomeOf(error, phase), phase, detail: failureDetail(error), ms };
}

function outcomeOf(error: unknown, phase: MailPortPhase): MailPortFailure["outcome"] {
  if (error instanceof StartTlsRefusedError) return "starttls-refused";
  if (
    error instanceof MailProtocolError ||
    error instanceof LineTooLongError ||
    error instanceof InjectedDataError
  ) {
    return "protocol-error";
  }
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === "TimeoutError" || code === "ETIMEDOUT") return "timeout";
  if (phase === "tls") return "tls-failed";
  if (phase !== "connect") return "protocol-error";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ENODATA") return "unresolved";
  return code === "ECONNREFUSED" ? "refused" : "unreachable";
}
