import { expect, test } from "vitest";
import { MAX_REQUEST_BYTES } from "../../src/responder/pox-request.ts";
import { errorCodeOf, loginNamesOf, post, poxRequest, type Answer } from "./memory-responder.ts";

const request = poxRequest("alice@example.com");
const octets = new TextEncoder();

/** Sends a body as Outlook does: with its length, and labelled as UTF-8 unless another type is given. */
async function send(
  body: Uint8Array<ArrayBuffer>,
  type: string = "text/xml; charset=utf-8",
): Promise<Answer> {
  return post(body, { headers: { "content-type": type, "content-length": String(body.byteLength) } });
}

function utf16(text: string, order: "le" | "be"): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return new Uint8Array(order === "le" ? bytes : bytes.swap16());
}

test.each([
  "text/xml; charset=utf-8",
  'text/xml; charset="UTF-8"',
  "text/xml;charset=utf-8; x=1",
  "text/xml",
])("a body that says its length is read the same under any label: %s", async (type) => {
  expect(loginNamesOf(await send(octets.encode(request), type))).toEqual(["alice@example.com"]);
  expect(loginNamesOf(await send(octets.encode(`\uFEFF${request}`), type))).toEqual(["alice@example.com"]);
  const international = poxRequest("zoë.李@example.com");
  expect(loginNamesOf(await send(octets.encode(international), type))).toEqual(["zoë.李@example.com"]);
});

test.each(["le", "be"] as const)(
  "UTF-16 counts by its byte order mark, even where it is labelled as UTF-8: %s",
  async (order) => {
    const body = utf16(request.replace("utf-8", "utf-16"), order);
    expect(loginNamesOf(await send(body))).toEqual(["alice@example.com"]);
    expect(loginNamesOf(await send(body, "text/xml"))).toEqual(["alice@example.com"]);
  },
);

test("UTF-16 beyond ASCII under a wrong label is refused, never answered for another address", async () => {
  // U+612D is the octets of "a-" or "-a": it must not turn into them.
  for (const odd of ["müller", "\u612D", "x\u2061y", "李"]) {
    for (const order of ["le", "be"] as const) {
      expect(errorCodeOf(await send(utf16(poxRequest(`${odd}@example.com`), order)))).toBe(600);
    }
  }
});

test("a labelled body of more than 8 kB is refused, by what it says and by what it is", async () => {
  const long = octets.encode(request + " ".repeat(MAX_REQUEST_BYTES));
  expect(errorCodeOf(await send(long))).toBe(600);
  const headers = { "content-type": "text/xml; charset=utf-8", "content-length": "400" };
  expect(errorCodeOf(await post(long, { headers }))).toBe(600);
});
