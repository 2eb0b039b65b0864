import { describe, expect, test } from "vitest";
import { matchRoute, parseRoutePattern } from "../../src/dns/route-match.ts";

function match(patterns: readonly string[], url: string): string | undefined {
  const { protocol, hostname, pathname, search } = new URL(url);
  return matchRoute(
    patterns.map((pattern) => ({ pattern, script: pattern })),
    {
      scheme: protocol === "https:" ? "https" : "http",
      host: hostname,
      pathAndQuery: pathname + search,
    },
  )?.pattern;
}

describe("a pattern matches as Cloudflare documents it", () => {
  test.each([
    // The asterisk at the end of the path
    ["example.test/*", "https://example.test/", true],
    ["example.test/*", "https://example.test/a/b?c=d", true],
    ["example.test/images/*", "https://example.test/images", false],
    ["example.test/images*", "https://example.test/images2/x", true],
    // A path without an asterisk is exact, and the query belongs to what is matched
    ["example.test/mail/config-v1.1.xml", "https://example.test/mail/config-v1.1.xml", true],
    ["example.test/mail/config-v1.1.xml", "https://example.test/mail/config-v1.1.xml?emailaddress=a", false],
    ["example.test/mail/config-v1.1.xml*", "https://example.test/mail/config-v1.1.xml?emailaddress=a", true],
    ["example.test", "https://example.test/", true],
    ["example.test", "https://example.test/a", false],
    // The path has its case, the host has none
    ["example.test/autodiscover/*", "https://example.test/Autodiscover/autodiscover.xml", false],
    ["example.test/Autodiscover/*", "https://example.test/Autodiscover/autodiscover.xml", true],
    ["EXAMPLE.test/*", "https://example.test/", true],
    // The asterisk at the start of the host
    ["*.example.test/*", "https://a.b.example.test/", true],
    ["*.example.test/*", "https://example.test/", false],
    ["*example.test/*", "https://example.test/", true],
    ["*example.test/*", "https://myexample.test/", true],
    ["a.example.test/*", "https://b.a.example.test/", false],
    // The scheme
    ["https://example.test/*", "http://example.test/", false],
    ["http://example.test/*", "http://example.test/", true],
    ["example.test/*", "http://example.test/", true],
  ])("%s on %s: %s", (pattern, url, expected) => {
    expect(match([pattern], url) !== undefined).toBe(expected);
  });
});

describe("the most specific pattern wins, whatever the order", () => {
  test.each([
    [["*.example.test/*", "www.example.test/*"], "https://www.example.test/", "www.example.test/*"],
    [["example.test/*", "example.test/hello/*"], "https://example.test/hello/w", "example.test/hello/*"],
    [["*example.test/*", "*.example.test/*"], "https://a.example.test/", "*.example.test/*"],
    [["example.test/a*", "example.test/a"], "https://example.test/a", "example.test/a"],
    // Cloudflare's known issues, kept
    [["x.test/images/*", "x.test/images*"], "https://x.test/images/hello", "x.test/images*"],
    [["*.example.test/a", "a.example.test/*"], "https://a.example.test/a", "a.example.test/*"],
  ])("of %j on %s it is %s", (patterns, url, expected) => {
    expect(match(patterns, url)).toBe(expected);
    expect(match(patterns.toReversed(), url)).toBe(expected);
  });
});

test("a route without script is matched like any other, so that it can switch Workers off", () => {
  const routes = [{ pattern: "example.test/*", script: "all" }, { pattern: "example.test/private/*" }];
  const target = { scheme: "https", host: "example.test" } as const;
  expect(matchRoute(routes, { ...target, pathAndQuery: "/private/x" })).toEqual({
    pattern: "example.test/private/*",
  });
  expect(matchRoute(routes, { ...target, pathAndQuery: "/public" })?.script).toBe("all");
});

test("a pattern with an asterisk elsewhere, a query, a port or nothing is none", () => {
  for (const pattern of ["", "a.*.test/*", "a.test/*/b", "a.test/?x=1*", "a.test:8443/*", "ftp://a.test/"]) {
    expect(parseRoutePattern(pattern)).toBeUndefined();
  }
});
