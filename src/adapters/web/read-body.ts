import type { IncomingMessage } from "node:http";
import { decodeContent } from "./decode-content.ts";

/** Longer than a document may be, as it came or without its coding. */
export class BodyTooLargeError extends Error {
  override readonly name: string = "BodyTooLargeError";

  constructor(maxBytes: number) {
    super(`The body is longer than ${maxBytes} bytes.`);
  }
}

/** Reads a body to its end, and takes its coding off. @throws BodyTooLargeError, or the connection's error */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  const coding = response.headers["content-encoding"];
  return decodeContent(new Uint8Array(Buffer.concat(chunks)), coding, maxBytes).catch(() => {
    throw new BodyTooLargeError(maxBytes);
  });
}
