import type { IncomingMessage } from "node:http";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hasTwoHosts, readExchange } from "../../../src/adapters/serve/serve-exchange.ts";

interface Place {
  readonly host: string;
  readonly path: string;
  readonly search: string;
}

function read(url: string, host: string): Place | undefined {
  const message = { url, method: "GET", headers: { host } } as unknown as IncomingMessage;
  const made = readExchange(message, true);
  return made === undefined ? undefined : { host: made.host, path: made.path, search: made.search };
}

/** What the Worker sees of the same request; a Host that is no host alone never gets to it. */
function expected(target: string, host: string): Place | undefined {
  if (host.includes("@")) return undefined;
  const text = target.startsWith("/") ? `https://${host === "" ? "host.invalid" : host}${target}` : target;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return { host: url.hostname.replace(/\.$/, ""), path: url.pathname, search: url.search };
}

const segment = fc.oneof(
  fc.constantFrom(
    "mail",
    ".well-known",
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "",
    "a.b",
    "a..b",
    "Autodiscover",
    "a%20b",
    "~x",
    "a'b",
    'a"b',
    "a<b",
    "a\\b",
    ".a",
    "a.",
    "..a",
    "mta-sts.txt",
  ),
  fc.string({ maxLength: 5 }),
);
const target = fc
  .tuple(
    fc.array(segment, { maxLength: 5 }),
    fc.oneof(
      fc.constant(""),
      fc.string({ maxLength: 12 }).map((text) => `?${text}`),
      fc.constantFrom("?emailaddress=a%40b.example", "?a=<b>", "?a='", "?", "#x"),
    ),
  )
  .map(([segments, query]) => `/${segments.join("/")}${query}`)
  // llhttp refuses what is no visible character of Latin 1 in a target.
  .map((text) => text.replace(/[^\x21-\xff]/g, ""));
const host = fc.oneof(
  fc.constantFrom(
    "example.com",
    "EXAMPLE.com:8443",
    "example.com.",
    "a_b.example",
    "203.0.113.1",
    "1.2",
    "0x7f.1",
    "[2001:db8::1]:443",
    "",
    "a b",
    "x@example.com",
    "example.com:80",
    "-a.example",
    "a..example",
    "xn--bcher-kva.example",
    "xn--a.example",
    "a.xn--bcher-kva.example",
    "example.com:99999",
  ),
  fc.domain(),
);

test("host, path and query are what a URL parser makes of them, with and without the short way", () => {
  fc.assert(
    fc.property(target, host, (one, name) => {
      expect(read(one, name)).toEqual(expected(one, name));
    }),
    { numRuns: 5000 },
  );
});

test("a target in absolute form counts before the Host header, as Delta Chat sends it", () => {
  expect(read("https://autoconfig.example.com/mail/config-v1.1.xml?a=b", "other.example")).toEqual({
    host: "autoconfig.example.com",
    path: "/mail/config-v1.1.xml",
    search: "?a=b",
  });
});

test.each(["*", "", "example.com:443", "ftp://example.com/"])(
  "a target that is no place is refused: %s",
  (one) => {
    expect(read(one, "example.com")).toBeUndefined();
  },
);

test("without a host, as HTTP/1.0 allows, the path stays a path and names no host", () => {
  expect(read("/autoconfig.example.com/mail/config-v1.1.xml?a=b", "")).toEqual({
    host: "host.invalid",
    path: "/autoconfig.example.com/mail/config-v1.1.xml",
    search: "?a=b",
  });
});

test.each(["example.com/x", "example.com?", "example.com#", "user@example.com", "example.org\\@example.com"])(
  "a Host header that would be more than a host in a URL is refused: %s",
  (host) => {
    expect(read("/mail/config-v1.1.xml", host)).toBeUndefined();
  },
);

test("two Host headers are noticed, also where they are equal and in another case", () => {
  const isTwo = (...rawHeaders: readonly string[]): boolean =>
    hasTwoHosts({ rawHeaders } as unknown as IncomingMessage);
  expect(isTwo("Host", "a.example", "Accept", "host", "host", "a.example")).toBe(true);
  expect(isTwo("Host", "a.example", "Host-Name", "b.example", "X", "Host")).toBe(false);
  expect(isTwo()).toBe(false);
});
