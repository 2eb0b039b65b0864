/**
 * What a mail port answers: reachable, TLS as announced, which certificate, which capabilities, and whether a login works.
 *
 * Everything is spoken here, without imapflow or nodemailer: those are test tools of this repository, and a library for one
 * login each would hide which step failed.
 */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { MailPortProtocol } from "../../clients/world/world.ts";
import type { LoginResult, MailCredentials, MailDialogue } from "./mail-dialogue.ts";
import { imapDialogue } from "./mail-dialogue-imap.ts";
import { pop3Dialogue } from "./mail-dialogue-pop3.ts";
import { sieveDialogue } from "./mail-dialogue-sieve.ts";
import { smtpDialogue, submissionDialogue } from "./mail-dialogue-submission.ts";
import { LineSocket } from "./mail-line-socket.ts";
import {
  readPeer,
  readVerdict,
  trustOptions,
  type PeerCertificate,
  type TrustVerdict,
} from "../tls/peer-certificate.ts";
import { isTooOld, oldTlsOptions } from "../tls/old-tls.ts";
import {
  StartTlsRefusedError,
  describeFailure,
  type MailPortFailure,
  type MailPortPhase,
} from "./mail-port-failure.ts";

export interface MailPortOptions {
  /** The name that clients are given: sent as SNI, and the one that the certificate must cover. */
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls";
  readonly protocol: MailPortProtocol;
  /** Where to connect instead of `host` and `port`. */
  readonly connectTo?: { readonly host: string; readonly port: number };
  /** PEM roots that replace the built-in ones. */
  readonly ca?: string;
  /** For everything together. Default 10,000: Thunderbird gives each guess 10 s. */
  readonly timeoutMs?: number;
  /** Until the connection is there. Default: all of the time. */
  readonly connectTimeoutMs?: number;
  /** Tried only over a trusted connection: a password never goes to a server that could be another. */
  readonly login?: MailCredentials;
}

export interface MailPortAnswer extends TrustVerdict {
  readonly outcome: "answered";
  /** The server's first line; for STARTTLS the one before the handshake. */
  readonly greeting: string;
  /** Those offered inside TLS, in upper case. */
  readonly capabilities: readonly string[];
  /** Those offered before STARTTLS, in upper case; absent with implicit TLS. Nothing is trusted to them. */
  readonly plainCapabilities?: readonly string[];
  /** For example `TLSv1.3`. */
  readonly tlsProtocol: string;
  readonly certificate: PeerCertificate;
  /** DER of every certificate as it was sent, the server's own first. */
  readonly chain: readonly Uint8Array[];
  readonly ms: number;
  /** Absent where no login was asked for, or none was tried because the certificate is not trusted. */
  readonly login?: LoginResult;
  /** True where the login was accepted; absent where none was tried. */
  readonly loggedIn?: boolean;
}

export type MailPortObservation = MailPortAnswer | MailPortFailure;

const DEFAULT_TIMEOUT_MS = 10_000;

const DIALOGUES: Readonly<Record<MailPortProtocol, MailDialogue>> = {
  imap: imapDialogue,
  pop3: pop3Dialogue,
  submission: submissionDialogue,
  sieve: sieveDialogue,
  smtp: smtpDialogue,
};

/** Observes one port. Never rejects: what went wrong is an outcome. */
export async function probeMailPort(options: MailPortOptions): Promise<MailPortObservation> {
  const probe = new Probe(options);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(timeoutError(timeoutMs)), timeoutMs);
  try {
    return { ...(await Promise.race([probe.run(), timedOut])), ms: elapsed() };
  } catch (error) {
    const tlsProtocol = isTooOld(error) ? await oldProtocolOf(options, timedOut) : undefined;
    return {
      ...describeFailure(error, probe.phase, elapsed()),
      ...(tlsProtocol === undefined ? {} : { tlsProtocol }),
    };
  } finally {
    clearTimeout(timer);
    probe.close();
  }
}

/** Asks once more in the versions that RFC 8996 retired: undefined where the server does not speak them either. */
async function oldProtocolOf(
  options: MailPortOptions,
  timedOut: Promise<never>,
): Promise<string | undefined> {
  const probe = new Probe(options, oldTlsOptions());
  try {
    const { secure } = await Promise.race([probe.open(), timedOut]);
    return secure.getProtocol() ?? undefined;
  } catch {
    return undefined;
  } finally {
    probe.close();
  }
}

function timeoutError(timeoutMs: number): Error {
  return new DOMException(`no answer within ${timeoutMs / 1000} s`, "TimeoutError");
}

interface Secured {
  readonly line: LineSocket;
  readonly secure: TLSSocket;
  readonly greeting: string;
  readonly plainCapabilities?: readonly string[];
}

class Probe {
  phase: MailPortPhase = "connect";
  readonly #options: MailPortOptions;
  readonly #dialogue: MailDialogue;
  readonly #tlsOptions: ConnectionOptions;
  #socket: Socket | undefined;
  #line: LineSocket | undefined;

  constructor(options: MailPortOptions, tlsOptions: ConnectionOptions = {}) {
    this.#options = options;
    this.#dialogue = DIALOGUES[options.protocol];
    this.#tlsOptions = tlsOptions;
  }

  /** Connects, and agrees on TLS. */
  async open(): Promise<Secured> {
    const plain = await this.#connect();
    return this.#options.tls === "implicit" ? this.#secureFirst(plain) : this.#upgrade(plain);
  }

  async run(): Promise<Omit<MailPortAnswer, "ms">> {
    const { login } = this.#options;
    const dialogue = this.#dialogue;
    const { line, secure, greeting, plainCapabilities } = await this.open();
    this.phase = "capabilities";
    const isUpgraded = plainCapabilities !== undefined;
    const capabilities =
      (isUpgraded ? await dialogue.toldAfterTls?.(line) : undefined) ?? (await dialogue.capabilities(line));
    const peer = readPeer(secure);
    if (peer === undefined) throw new Error("The server presented no certificate.");
    const verdict = readVerdict(secure);
    const answer: Omit<MailPortAnswer, "ms"> = {
      outcome: "answered",
      greeting,
      capabilities,
      ...(plainCapabilities === undefined ? {} : { plainCapabilities }),
      tlsProtocol: secure.getProtocol() ?? "unknown",
      ...peer,
      ...verdict,
    };
    if (login === undefined || !verdict.authorized) {
      dialogue.quit(line);
      return answer;
    }
    this.phase = "login";
    const result = await dialogue.logIn(line, login);
    dialogue.quit(line);
    return { ...answer, login: result, loggedIn: result.result === "accepted" };
  }

  /** Lets the farewell go out; a server that does not close gets no more time than that. */
  close(): void {
    if (this.phase !== "capabilities" && this.phase !== "login") this.#socket?.destroy();
    this.#line?.end();
    const socket = this.#line?.socket;
    setTimeout(() => {
      socket?.destroy();
      this.#socket?.destroy();
    }, FAREWELL_MS).unref();
  }

  async #connect(): Promise<Socket> {
    const { host, port, connectTo, connectTimeoutMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connectTcp({
      host: connectTo?.host ?? host,
      port: connectTo?.port ?? port,
      noDelay: true,
      // Node's 250 ms an address fails over slow links.
      autoSelectFamilyAttemptTimeout: 2000,
    });
    this.#socket = socket;
    // The listener stays: a late error without one would end the process.
    socket.once("connect", resolve).on("error", reject);
    const timer =
      connectTimeoutMs && setTimeout(() => reject(timeoutError(connectTimeoutMs)), connectTimeoutMs);
    await promise.finally(() => clearTimeout(timer));
    return socket;
  }

  async #secureFirst(plain: Socket): Promise<Secured> {
    const secure = await this.#handshake(plain);
    this.#line = new LineSocket(secure);
    this.phase = "greeting";
    return { line: this.#line, secure, greeting: await this.#dialogue.greet(this.#line) };
  }

  async #upgrade(plain: Socket): Promise<Secured> {
    const line = new LineSocket(plain);
    this.#line = line;
    this.phase = "greeting";
    const greeting = await this.#dialogue.greet(line);
    this.phase = "starttls";
    // SMTP needs EHLO first. What is offered here is for a person to see: STARTTLS is tried whatever it says.
    const told = await this.#dialogue.capabilities(line);
    const plainCapabilities = (await this.#dialogue.plainOffers?.(line, told)) ?? told;
    const refusal = await this.#dialogue.startTls(line);
    if (refusal !== undefined) throw new StartTlsRefusedError(refusal);
    const secure = await this.#handshake(line.release());
    line.secured(secure);
    return { line, secure, greeting, plainCapabilities };
  }

  async #handshake(plain: Socket): Promise<TLSSocket> {
    this.phase = "tls";
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { host, ca } = this.#options;
    const secure = connectTls({ socket: plain, ...trustOptions(host, ca), ...this.#tlsOptions });
    secure.once("secureConnect", resolve).on("error", reject);
    await promise;
    return secure;
  }
}

const FAREWELL_MS = 500;
