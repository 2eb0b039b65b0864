import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodeContent } from "../../../src/adapters/web/decode-content.ts";

const document = Buffer.from("<clientConfig/>".repeat(10));

test.each([
  ["gzip", gzipSync(document)],
  ["X-GZIP", gzipSync(document)],
  ["deflate", deflateSync(document)],
  ["br", brotliCompressSync(document)],
  ["identity", document],
  [undefined, document],
])("the coding %s is taken off", async (coding, body) => {
  expect(Buffer.from(await decodeContent(body, coding, 1000))).toEqual(document);
});

test("what is not what it says is left as it came", async () => {
  expect(await decodeContent(document, "gzip", 1000)).toBe(document);
  expect(await decodeContent(document, "zstd", 1000)).toBe(document);
});

test("a small body that becomes a large one is refused before it is there", async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  await expect(decodeContent(bomb, "gzip", 1000)).rejects.toThrow(RangeError);
});
