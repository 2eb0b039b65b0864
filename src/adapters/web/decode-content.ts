import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from "node:zlib";

type Decode = (octets: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Takes the content coding off a body (RFC 9110 §8.4.1). None is asked for here, but some servers compress for everybody, and
 * mail clients' HTTP libraries read it. What cannot be read is left as it came.
 *
 * @throws RangeError where more than `maxBytes` would come out
 */
export async function decodeContent(
  body: Uint8Array,
  coding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const decode = DECODERS[coding?.trim().toLowerCase() ?? ""];
  if (decode === undefined || body.length === 0) return body;
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return body;
  }
}
