import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mailHostOwner, mailHosts } from "../../src/dns/mail-host-owner.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

const host = "mail.dept.example.com";

function sharing(...names: readonly string[]): ReturnType<typeof sampleDomain>[] {
  return names.map((domain) => sampleDomain({ domain, mailServer: { host } }));
}

test("the closest domain that a shared host lies in owns it", () => {
  expect(mailHostOwner(host, sharing("a.example.org", "example.com", "dept.example.com"))?.domain).toBe(
    "dept.example.com",
  );
  expect(mailHostOwner(host, sharing("a.example.org", "example.com"))?.domain).toBe("example.com");
});

test("a host that lies in none of the domains goes to the first by name, whatever their order", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(["example.org", "example.net", "b.test"], { minLength: 3 }), (names) => {
      expect(mailHostOwner(host, sharing(...names))?.domain).toBe("b.test");
    }),
  );
});

test("a domain that does not use the host does not own it, even where the host lies in it", () => {
  expect(
    mailHostOwner(host, [sampleDomain({ domain: "dept.example.com" }), ...sharing("example.org")])?.domain,
  ).toBe("example.org");
  expect(mailHostOwner(host, [sampleDomain()])).toBeUndefined();
});

test("mail hosts are the server and each host of an endpoint, once", () => {
  const domain = sampleDomain({
    mailServer: { imap: [{}, { host: "imap.example.com" }], submission: { host: "imap.example.com" } },
  });
  expect(mailHosts(domain)).toEqual(["mail.example.com", "imap.example.com"]);
});
