import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderMobileconfig } from "../../src/documents/mobileconfig.ts";
import { expectGolden } from "../dns/golden-file.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";
import { DOMAINS } from "./sample-documents.ts";
import { serverSettings } from "./server-settings.ts";

const minimal = serverSettings(sampleDomain());

function valuesOf(profile: string | undefined, key: string): readonly (string | undefined)[] {
  const pattern = new RegExp(`<key>${key}</key>\\s*<(?:string|integer)>([^<]*)<`, "g");
  return [...(profile ?? "").matchAll(pattern)].map(([, value]) => value);
}

test.each(Object.keys(DOMAINS).filter((name) => name !== "starttls"))("profile: %s", (name) => {
  const profile = renderMobileconfig(serverSettings(DOMAINS[name] ?? sampleDomain()));
  expectGolden(new URL(`golden/profile-${name}.mobileconfig`, import.meta.url), profile ?? "");
});

test("profile of one mailbox: address and user names are filled in, and the device asks for the password alone", () => {
  const settings = serverSettings(sampleDomain({ username: "localPart", calDav: "https://dav.example.com" }));
  const profile = renderMobileconfig(settings, { address: "o'neil&sons@example.com" }) ?? "";
  expectGolden(new URL("golden/profile-mailbox.mobileconfig", import.meta.url), profile);
});

test("where a server has no implicit TLS to read or to send, there is no profile: it could not ask for STARTTLS", () => {
  const starttls = { tls: "starttls" };
  for (const mailServer of [{ imap: starttls }, { submission: starttls }]) {
    expect(renderMobileconfig(serverSettings(sampleDomain({ mailServer })))).toBeUndefined();
  }
});

test("the endpoint with implicit TLS is named where STARTTLS is preferred", () => {
  const imap = [{ tls: "starttls" }, { tls: "implicit" }];
  const profile = renderMobileconfig(serverSettings(sampleDomain({ mailServer: { imap } })));
  expect(valuesOf(profile, "IncomingMailServerPortNumber")).toEqual(["993"]);
});

test("POP3 is named where there is no IMAP", () => {
  const profile = renderMobileconfig(serverSettings(sampleDomain({ mailServer: { imap: false, pop3: {} } })));
  expect(valuesOf(profile, "EmailAccountType")).toEqual(["EmailTypePOP"]);
  expect(valuesOf(profile, "IncomingMailServerPortNumber")).toEqual(["995"]);
});

test("UUIDs are of version 5 and never change for a domain: a profile installed again replaces the former", () => {
  expect(valuesOf(renderMobileconfig(minimal), "PayloadUUID")).toEqual([
    "DE9BF02C-4218-552A-9B1F-39651CEED3A5",
    "55E88524-3176-516D-8BC3-CC9125DA40F7",
  ]);
});

test("UUIDs and identifiers differ between domains, payloads and mailboxes, and do not depend on the servers", () => {
  const other = serverSettings(sampleDomain({ domain: "example.org" }));
  const moved = serverSettings(
    sampleDomain({ displayName: "New name", mailServer: { host: "new.example.com" } }),
  );
  const ids = (profile: string | undefined): readonly (string | undefined)[] => [
    ...valuesOf(profile, "PayloadUUID"),
    ...valuesOf(profile, "PayloadIdentifier"),
  ];
  const all = [
    ...ids(renderMobileconfig(serverSettings(DOMAINS["everything"] ?? sampleDomain()))),
    ...ids(renderMobileconfig(other)),
    ...ids(renderMobileconfig(minimal, { address: "alice@example.com" })),
    ...ids(renderMobileconfig(minimal, { address: "bob@example.com" })),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(all).toHaveLength(2 * (4 + 2 + 2 + 2));
  expect(ids(renderMobileconfig(moved))).toEqual(ids(renderMobileconfig(minimal)));
});

test("a profile without an address holds no user name, and none holds a password", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const profile = renderMobileconfig(serverSettings(domain)) ?? "";
      expect(profile).not.toMatch(
        /<key>(EmailAddress|\w+Username|(Incoming|Outgoing|CalDAV|CardDAV)Password)<\/key>/,
      );
      expect(profile).not.toMatch(/UseSSL<\/key>\s*<false\/>|<real>/);
    }),
  );
});
