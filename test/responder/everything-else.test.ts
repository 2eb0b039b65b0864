import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  ask,
  AUTOCONFIG,
  AUTOCONFIG_PATHS,
  AUTODISCOVER,
  post,
  poxRequest,
  type Answer,
} from "./memory-responder.ts";

function expectNotFound(answer: Answer): void {
  expect(answer.status).toBe(404);
  expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(answer.body).toBe("Not found\n");
}

test.each([
  "/autodiscover/autodiscover.svc",
  "/Autodiscover/Autodiscover.svc",
  "/EWS/Exchange.asmx",
  "/ews/exchange.asmx",
  "/Microsoft-Server-ActiveSync",
  "/mapi/emsmdb",
])("row 8: %s is 404 for every method, over https and http", async (path) => {
  for (const method of ["GET", "HEAD", "POST", "OPTIONS", "PROPFIND", "PUT"]) {
    for (const host of [
      "https://autodiscover.example.com",
      "https://example.com",
      "http://autodiscover.example.com",
    ]) {
      expect((await ask(`${host}${path}`, { method })).status).toBe(404);
    }
  }
});

test.each([
  "https://example.com/",
  "https://autodiscover.example.com/",
  "https://autoconfig.example.com/mail/",
  "https://autoconfig.example.com/mail/config-v1.1.xml/",
  "https://autoconfig.example.com/MAIL/config-v1.1.xml",
  "https://example.com/mail//config-v1.1.xml",
  "https://example.com/.well-known/mta-sts.txt",
])("row 13: a path that is none of ours is 404 as plain text: %s", async (url) => {
  expectNotFound(await ask(url));
});

test("row 13: a domain that nobody set up is 404 as plain text, whatever is asked", async () => {
  for (const host of [
    "autoconfig.example.org",
    "example.org",
    "autodiscover.example.org",
    "autoconfig.sub.example.com",
    "203.0.113.80",
  ]) {
    for (const path of [...AUTOCONFIG_PATHS, "/autodiscover/autodiscover.xml"])
      expectNotFound(await ask(`https://${host}${path}`));
  }
  expectNotFound(await ask("https://autoconfig.example.org/"));
});

test("plain HTTP sends nobody on who asks for a domain that nobody set up", async () => {
  for (const host of ["autoconfig.example.org", "autodiscover.example.org", "example.org", "203.0.113.80"]) {
    for (const path of [...AUTOCONFIG_PATHS, "/autodiscover/autodiscover.xml", "/"])
      expectNotFound(await ask(`http://${host}${path}?emailaddress=alice%40example.org`));
  }
  const byAddress = await ask(
    `http://autoconfig.example.org${AUTOCONFIG_PATHS[0]}?emailaddress=a%40example.com`,
  );
  expect(byAddress.status).toBe(301);
});

test("a discovery label is taken off once only", async () => {
  expectNotFound(await ask(`https://autoconfig.autoconfig.example.com${AUTOCONFIG_PATHS[0]}`));
  expectNotFound(await ask(`https://notautoconfig.example.com${AUTOCONFIG_PATHS[0]}`));
});

test("credentials are ignored: the answer is the same with any Authorization", async () => {
  for (const authorization of ["Basic YWxpY2U6c2VjcmV0", "Bearer x", "NTLM TlRMTVNTUAAB", "Negotiate"]) {
    const headers = { authorization };
    expect(await ask(AUTOCONFIG, { headers })).toEqual(await ask(AUTOCONFIG));
    const body = poxRequest("alice@example.com");
    expect(await post(body, { headers })).toEqual(await post(body));
  }
});

const path = fc.oneof(
  fc
    .constantFrom(
      ...AUTOCONFIG_PATHS,
      "/autodiscover/autodiscover.xml",
      "/.well-known/mta-sts.txt",
      "/",
      "/EWS/Exchange.asmx",
    )
    .chain((known) => fc.mixedCase(fc.constant(known))),
  fc.webPath(),
);
const anyUrl = fc
  .record({
    scheme: fc.constantFrom("http", "https"),
    label: fc.constantFrom("", "autoconfig.", "autodiscover.", "ua-auto-config.", "mta-sts.", "www."),
    host: fc.oneof(fc.constantFrom("example.com", "example.net", "localhost", "[2001:db8::1]"), fc.domain()),
    path,
    query: fc.oneof(
      fc.constant(""),
      fc.webQueryParameters().map((text) => `?${text}`),
    ),
  })
  .map(
    ({ scheme, label, host, path, query }) =>
      `${scheme}://${host.startsWith("[") ? "" : label}${host}${path}${query}`,
  );
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.oneof(fc.string(), fc.emailAddress()).map((text) => new TextEncoder().encode(poxRequest(text))),
);

test("whatever is sent, the answer is one of seven statuses, never asks for credentials, and is HTML at one place only", async () => {
  const statuses = new Set([200, 301, 302, 304, 400, 404, 405]);
  await fc.assert(
    fc.asyncProperty(
      anyUrl,
      fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "X-OTHER"),
      anyBody,
      fc.dictionary(
        fc.constantFrom("authorization", "if-none-match", "content-type", "accept"),
        fc.stringMatching(/^[\x21-\x7e]{0,30}$/),
      ),
      async (url, method, body, headers) => {
        const init = method === "GET" || method === "HEAD" ? {} : { body };
        const answer = await ask(url, { method, headers, ...init });
        expect(statuses).toContain(answer.status);
        expect(answer.headers.has("www-authenticate")).toBe(false);
        expect(answer.headers.has("set-cookie")).toBe(false);
        const { hostname, pathname } = new URL(url);
        const isPage = pathname === "/" && hostname.startsWith("autoconfig.");
        expect(isPage || !(answer.headers.get("content-type") ?? "").includes("html")).toBe(true);
        const location = answer.headers.get("location") ?? url;
        expect(new URL(location).hostname).toBe(new URL(url).hostname);
      },
    ),
    { numRuns: 1000 },
  );
});

test("a posted body with status 200 is XML or nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, async (body) => {
      const answer = await ask(AUTODISCOVER, { method: "POST", body });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("text/xml; charset=utf-8");
      expect(answer.body).toMatch(/^<\?xml /);
    }),
  );
});
