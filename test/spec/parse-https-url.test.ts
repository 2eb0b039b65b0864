import { expect, test } from "vitest";
import { issuesOf } from "./issues-of.ts";
import { sampleDomain } from "./sample-domain.ts";

test.each([
  ["https://dav.example.com", { host: "dav.example.com", port: 443, path: "/" }],
  ["https://DAV.example.com:443/dav", { host: "dav.example.com", port: 443, path: "/dav/" }],
  [
    "https://dav.bücher.example:8443/a b/",
    { host: "dav.xn--bcher-kva.example", port: 8443, path: "/a%20b/" },
  ],
])("%s is a host in A-labels, a port, and a path with its final slash", (url, service) => {
  for (const key of ["calDav", "cardDav", "jmap"] as const) {
    expect(sampleDomain({ [key]: url })[key]).toEqual(service);
  }
});

test("webmail is kept as a URL", () => {
  expect(sampleDomain({ webmail: "https://Mail.example.com/box" }).webmail).toBe(
    "https://mail.example.com/box",
  );
});

test("a place that people open may have a query and a fragment", () => {
  const webmail = "https://mail.example.com/?_task=mail&a=1#inbox";
  expect(sampleDomain({ webmail }).webmail).toBe(webmail);
  expect(sampleDomain({ help: { url: webmail } }).help?.url).toBe(webmail);
});

test.each([
  ["http://dav.example.com/", "is not a URL of https"],
  ["dav.example.com", "is not a URL"],
  ["https://user@dav.example.com/", "user name or password"],
  ["https://user:secret@dav.example.com/", "user name or password"],
  ["https://dav.example.com/?a=1", "query or fragment"],
  ["https://dav.example.com/?", "query or fragment"],
  ["https://dav.example.com/#a", "query or fragment"],
  ["https://203.0.113.25/", "no host name"],
  ["https://dav/", "no host name"],
  ["https://dav.example.com:0/", "no usable port"],
])("%s is refused", (url, message) => {
  for (const key of ["webmail", "calDav", "cardDav", "jmap"]) {
    if (key === "webmail" && message === "query or fragment") continue;
    expect(issuesOf({ [key]: url })).toMatchObject([
      { path: key, message: expect.stringContaining(message) },
    ]);
  }
});
