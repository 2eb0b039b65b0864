/**
 * Lines over a socket that can change to TLS in mid-connection: what IMAP, POP3 and SMTP share, on either side.
 *
 * Text is Latin-1 here, so that each character is one byte; whoever reads a value decodes it.
 */
import type { Socket } from "node:net";

/** The other side sent a line or more data than allowed. */
export class LineTooLongError extends Error {
  override readonly name: string = "LineTooLongError";
}

/** Bytes stood in the buffer at the moment of STARTTLS: an injected command or answer (CVE-2011-0411), never honest. */
export class InjectedDataError extends Error {
  override readonly name: string = "InjectedDataError";
}

/** How much may wait unread before the sender is held back. */
const HIGH_WATER_BYTES = 256 * 1024;

export class LineSocket {
  #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #onData = (chunk: Buffer): void => {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    if (this.#buffer.length > HIGH_WATER_BYTES) this.#socket.pause();
    this.#wake?.();
  };
  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake?.();
  };
  readonly #onError = (error: Error): void => {
    this.#error = error;
    this.#onEnd();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#attach();
  }

  get socket(): Socket {
    return this.#socket;
  }

  /**
   * Returns the next line without its line end; undefined where the other side has closed.
   *
   * @throws LineTooLongError where no line end comes within `maximumBytes`; the socket's error where it broke.
   */
  async readLine(maximumBytes: number): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf(0x0a);
      if (end > maximumBytes || (end < 0 && this.#buffer.length > maximumBytes)) {
        throw new LineTooLongError(`A line is longer than ${String(maximumBytes)} bytes.`);
      }
      if (end >= 0) {
        const line = this.#take(end + 1).toString("latin1");
        return line.replace(/\r?\n$/, "");
      }
      if (this.#ended) return this.#over();
      await this.#more();
    }
  }

  /** Returns exactly `count` bytes; undefined where the other side has closed before. */
  async readBytes(count: number): Promise<Buffer | undefined> {
    while (this.#buffer.length < count) {
      if (this.#ended) return this.#over();
      await this.#more();
    }
    return this.#take(count);
  }

  write(latin1: string): void {
    if (!this.#socket.destroyed) this.#socket.write(latin1, "latin1");
  }

  /** Lets go of the plain socket, so that it can be wrapped; then `secured` takes its place. */
  release(): Socket {
    if (this.#buffer.length > 0) throw new InjectedDataError("Data arrived before the TLS handshake.");
    this.#socket.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onEnd);
    this.#socket.pause();
    return this.#socket;
  }

  secured(socket: Socket): void {
    this.#socket.off("error", this.#onError);
    // The wrapped socket's errors reach the TLS socket as well; without a listener they would end the process.
    this.#socket.on("error", () => undefined);
    this.#socket = socket;
    this.#attach();
  }

  /** Sends what is written, then closes. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
    this.#onEnd();
  }

  #attach(): void {
    const socket = this.#socket;
    socket
      .on("data", this.#onData)
      .on("end", this.#onEnd)
      .on("close", this.#onEnd)
      .on("error", this.#onError);
  }

  #take(count: number): Buffer {
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    if (this.#buffer.length <= HIGH_WATER_BYTES && this.#socket.isPaused()) this.#socket.resume();
    return taken;
  }

  async #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
  }

  #over(): undefined {
    if (this.#error !== undefined) throw this.#error;
    return undefined;
  }
}
