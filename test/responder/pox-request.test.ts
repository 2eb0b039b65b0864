import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_REQUEST_BYTES, parsePoxRequest, parseUnusual } from "../../src/responder/pox-request.ts";
import {
  ask,
  AUTODISCOVER,
  errorCodeOf,
  loginNamesOf,
  post,
  poxRequest,
  WORKERS_DEV,
} from "./memory-responder.ts";

const request = poxRequest("alice@example.com");
const wrap = (children: string): string => `<Autodiscover><Request>${children}</Request></Autodiscover>`;
const address = "<EMailAddress>alice@example.com</EMailAddress>";
const schema = /<AcceptableResponseSchema>.*<\/AcceptableResponseSchema>/.exec(request)?.[0] ?? "";

function utf16(text: string, order: "le" | "be"): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return new Uint8Array(order === "le" ? bytes : bytes.swap16());
}

test.each<[string, string | Uint8Array<ArrayBuffer>]>([
  ["a byte order mark", `\uFEFF${request}`],
  ["UTF-16, little end first", utf16(request.replace("utf-8", "utf-16"), "le")],
  ["UTF-16, big end first", utf16(request.replace("utf-8", "utf-16"), "be")],
  ["UTF-16 without a mark, little end first", utf16(request, "le").slice(2)],
  ["UTF-16 without a mark, big end first", utf16(request, "be").slice(2)],
  ["no XML declaration", wrap(address + schema)],
  ["white space around", `\r\n  ${wrap(address)}\r\n`],
  ["white space inside the address", wrap("<EMailAddress>\n  alice@example.com\n</EMailAddress>")],
  ["the schema before the address", wrap(schema + address)],
  ["no schema", wrap(address)],
  ["an empty schema", wrap(`${address}<AcceptableResponseSchema/>`)],
  ["a LegacyDN beside the address", wrap(`<LegacyDN>/o=x/cn=alice</LegacyDN>${address}${schema}`)],
  ["elements that nobody knows", wrap(`<Extra a="1"><Deep/></Extra>${address}`)],
  [
    "a namespace prefix",
    '<a:Autodiscover xmlns:a="u"><a:Request><a:EMailAddress>alice@example.com</a:EMailAddress></a:Request></a:Autodiscover>',
  ],
  ["the https:// namespace", request.replaceAll('xmlns="http://', 'xmlns="https://')],
  ["the name `constructor`", wrap(`<constructor>x</constructor>${address}`)],
  ["the name `__proto__`", wrap(`<__proto__>x</__proto__>${address}`)],
  ["an attribute with > in it", `<Autodiscover a="x > y"><Request>${address}</Request></Autodiscover>`],
  ["an instruction of a processor", wrap(`<?x y?>${address}`)],
  ["a comment", wrap(`<!-- x -->${address}`)],
  ["CDATA", wrap("<EMailAddress><![CDATA[alice@example.com]]></EMailAddress>")],
])("a request is understood with %s", async (_, body) => {
  expect(loginNamesOf(await post(body))).toEqual(["alice@example.com"]);
});

test.each([
  ["nothing", ""],
  ["no XML", "hello"],
  ["JSON", '{"EMailAddress":"alice@example.com"}'],
  ["cut XML", request.slice(0, -10)],
  ["crossed elements", wrap("<a><b></a></b>")],
  ["another root", "<Envelope><Request/></Envelope>"],
  ["no address", wrap(schema)],
  ["an empty address", wrap("<EMailAddress/>")],
  ["an address with elements in it", wrap("<EMailAddress><b>alice@example.com</b></EMailAddress>")],
  ["two addresses", wrap(address + address)],
  ["an empty LegacyDN alone", wrap(`<LegacyDN/>${schema}`)],
  ["a document type", `<!DOCTYPE Autodiscover>${wrap(address)}`],
  ["an entity", `<!doctype a [<!ENTITY x "alice">]>${wrap("<EMailAddress>&x;@example.com</EMailAddress>")}`],
  [
    "an external entity",
    `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${wrap("<EMailAddress>&x;@example.com</EMailAddress>")}`,
  ],
  ["two roots", wrap(address) + wrap(address)],
  ["text beside the root", `${wrap(address)}x`],
  ["an open comment", `${wrap(address)}<!-- `],
  ["an open tag", `${wrap(address)}<a b="`],
  ["two requests", `<Autodiscover>${`<Request>${address}</Request>`.repeat(2)}</Autodiscover>`],
  ["a thousand levels", `${"<a>".repeat(1000)}${"</a>".repeat(1000)}`],
  ["bytes that are no text", "\u0000\u0001\u0002"],
])("a request with %s is error 600 with status 200", async (_, body) => {
  const answer = await post(body);
  expect([answer.status, errorCodeOf(answer)]).toEqual([200, 600]);
});

test("a LegacyDN in place of an address gets the settings of the host's domain, without a login name", async () => {
  const answer = await post(wrap(`<LegacyDN>/o=x/cn=alice</LegacyDN>${schema}`));
  expect(answer.body).toBe((await ask(AUTODISCOVER)).body);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const elsewhere = await post(wrap("<LegacyDN>/o=x/cn=alice</LegacyDN>"), {}, WORKERS_DEV);
  expect(errorCodeOf(elsewhere)).toBe(500);
});

test("a bare ampersand stands for itself: FairEmail puts the address into its request unescaped", async () => {
  for (const address of ["a&b@example.com", "a&amp;b@example.com", "a&#38;b@example.com"]) {
    expect(loginNamesOf(await post(wrap(`<EMailAddress>${address}</EMailAddress>`)))).toEqual([
      "a&#38;b@example.com",
    ]);
  }
});

test.each([
  ["blanks in a tag", (n: number) => `<a${" ".repeat(n)}`],
  ["attributes without an end", (n: number) => `<a${' b="c"'.repeat(n / 6)}`],
  ["a long name", (n: number) => `<${"a".repeat(n)}`],
  ["open tags", (n: number) => "<a>".repeat(n / 3)],
  ["references", (n: number) => wrap("&#1".repeat(n / 4))],
  ["open comments", (n: number) => `<a>${"<!--".repeat(n / 5)}`],
])("the longest body of %s is read in 10 ms", (_, make) => {
  const body = new TextEncoder().encode(make(MAX_REQUEST_BYTES - 100));
  const times = Array.from({ length: 20 }, () => {
    const started = performance.now();
    parsePoxRequest(body);
    return performance.now() - started;
  });
  // What else the machine does falls on some of them: a parser whose time grows with the square is slow in all.
  expect(Math.min(...times)).toBeLessThan(10);
});

test("8 kB is read, one octet more is refused", async () => {
  const padded = (length: number): string => request + " ".repeat(length - request.length);
  expect(errorCodeOf(await post(padded(MAX_REQUEST_BYTES)))).toBeUndefined();
  expect(errorCodeOf(await post(padded(MAX_REQUEST_BYTES + 1)))).toBe(600);
});

test("a body that never ends is read up to the limit, then cancelled", async () => {
  let chunks = 0;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      chunks += 1;
      controller.enqueue(new Uint8Array(1024).fill(0x20));
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  const answer = await ask(AUTODISCOVER, { method: "POST", body, duplex: "half" });
  expect(errorCodeOf(answer)).toBe(600);
  expect(isCancelled).toBe(true);
  expect(chunks).toBeLessThan(16);
});

test("a chunked body is put together in order", async () => {
  const bytes = new TextEncoder().encode(request);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });
  expect(loginNamesOf(await ask(AUTODISCOVER, { method: "POST", body, duplex: "half" }))).toEqual([
    "alice@example.com",
  ]);
});

test("no body makes the parser throw", () => {
  const name = fc.oneof(
    fc.constantFrom("Request", "EMailAddress", "constructor", "__proto__", "prototype", "toString", "a:b"),
    fc.string(),
  );
  const xml = fc
    .array(fc.tuple(name, fc.string()), { maxLength: 5 })
    .map((children) => wrap(children.map(([element, text]) => `<${element}>${text}</${element}>`).join("")));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.oneof(xml, fc.string()).map((text) => new TextEncoder().encode(text)),
      ),
      (body) => {
        parsePoxRequest(body);
      },
    ),
    { numRuns: 1000 },
  );
});

test("the short way of the usual request gives what the parser gives, whatever is changed in it", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "/>",
    "&",
    "&amp;",
    '"',
    "\n",
    "\u00A0",
    "x",
    "]]>",
    "<?x?>",
    "<!-- x -->",
    "<![CDATA[x]]>",
    "<!DOCTYPE a>",
    "<a/>",
    "<Request>",
    "</Request>",
    "<EMailAddress>b@example.com</EMailAddress>",
  );
  const change = fc.record({ at: fc.nat(request.length), removed: fc.nat(3), piece });
  let understood = 0;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
      let text = request;
      for (const { at, removed, piece } of changes) {
        text = text.slice(0, at) + piece + text.slice(at + removed);
      }
      const read = parsePoxRequest(text);
      expect(read).toEqual(parseUnusual(text.trim()));
      if (read.ok) understood += 1;
    }),
    { numRuns: 5000 },
  );
  expect(understood).toBeGreaterThan(100);
});
