import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import {
  deriveClientSettings,
  hasServers,
  parseClientSettings,
  renderClientSettings,
} from "../../src/documents/client-settings.ts";
import { implicitEndpoint } from "../../src/documents/implicit-endpoint.ts";
import { renderMobileconfig } from "../../src/documents/mobileconfig.ts";
import { renderSettingsText } from "../../src/documents/settings-text.ts";
import { EVERYTHING } from "./sample-documents.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";

test("the KV entry is a stored format: it never changes without a new version", () => {
  expect(renderClientSettings(deriveClientSettings(sampleDomain()))).toBe(
    '{"version":1,"domain":"example.com","displayName":"example.com","displayShortName":"example.com",' +
      '"username":"address","imap":{"host":"mail.example.com","port":993,"tls":"implicit"},' +
      '"submission":{"host":"mail.example.com","port":465,"tls":"implicit"},' +
      String.raw`"pacc":"{\"authentication\":{\"password\":true},\"info\":{\"provider\":` +
      String.raw`{\"name\":\"example.com\",\"shortName\":\"example.com\"}},\"protocols\":` +
      String.raw`{\"imap\":{\"host\":\"mail.example.com\"},\"smtp\":{\"host\":\"mail.example.com\"},` +
      String.raw`\"submit\":{\"host\":\"mail.example.com\"}}}"}`,
  );
});

test("the entry of a domain with an MTA-STS policy ends with its text", () => {
  const domain = sampleDomain({ mx: [{ host: "mx.example.com" }], mtaSts: { mode: "testing" } });
  const policy = "version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 604800\r\n";
  const entry = renderClientSettings(deriveClientSettings(domain));
  expect(entry.endsWith(`,"mtaStsPolicy":${JSON.stringify(policy)}}`)).toBe(true);
  expect(parseClientSettings(entry)?.mtaStsPolicy).toBe(policy);
});

test("an entry of the time before the further fields still reads: they are all optional", () => {
  const entry =
    '{"version":1,"domain":"example.com","displayName":"Mail","displayShortName":"Mail","username":"address",' +
    '"imap":{"host":"mail.example.com","port":993,"tls":"implicit"},' +
    '"submission":{"host":"mail.example.com","port":465,"tls":"implicit"}}';
  const settings = parseClientSettings(entry);
  expect(hasServers(settings)).toBe(true);
  if (!hasServers(settings)) return;
  expect(renderAutoconfigXml(settings)).toContain("<displayName>Mail</displayName>");
  expect(renderSettingsText(settings)).toContain("mail.example.com, port 993");
  expect(renderMobileconfig(settings)).toContain("mail.example.com");
});

test("what the file says of its services, its page and its tokens is all in the entry", () => {
  const settings = deriveClientSettings(sampleDomain(EVERYTHING));
  expect(settings).toMatchObject({
    webmail: "https://webmail.example.com/",
    calDav: { host: "dav.example.com", port: 443, path: "/dav/" },
    cardDav: { host: "dav.example.com", port: 443, path: "/dav/" },
    jmap: { host: "jmap.example.com", port: 443, path: "/" },
    sieve: { host: "mail.example.com", port: 4190, tls: "starttls" },
    languages: ["de", "en"],
    help: { url: "https://www.example.com/help/mail", texts: { en: "Mail settings" } },
    oauth2: { issuer: "https://login.example.com", scopes: ["openid", "mail"], clientId: "mail-client" },
  });
});

test("whether the server learns from moved mail is what the file says, else what the preset knows", () => {
  expect(deriveClientSettings(sampleDomain({ preset: "mailcow" })).spamTraining).toBe(true);
  expect(deriveClientSettings(sampleDomain({ preset: "cpanel" })).spamTraining).toBe(false);
  expect(deriveClientSettings(sampleDomain()).spamTraining).toBeUndefined();
  const mailServer = { spamTraining: true };
  expect(deriveClientSettings(sampleDomain({ mailServer })).spamTraining).toBe(true);
  expect(deriveClientSettings(sampleDomain({ preset: "cpanel", mailServer })).spamTraining).toBe(true);
});

test("an endpoint with implicit TLS is kept beside a preferred one without, and only then", () => {
  const submission = [{ tls: "starttls" }, { tls: "implicit" }];
  const settings = deriveClientSettings(sampleDomain({ mailServer: { submission } }));
  expect(settings.submission?.port).toBe(587);
  expect(settings.implicitTls).toEqual({
    submission: { host: "mail.example.com", port: 465, tls: "implicit" },
  });
  expect(implicitEndpoint(settings, "submission")?.port).toBe(465);
  expect(implicitEndpoint(settings, "imap")?.port).toBe(993);
  expect(implicitEndpoint(settings, "pop3")).toBeUndefined();
});

test("a KV entry reads back as it was written, and writes again as the same bytes", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const settings = deriveClientSettings(domain);
      const entry = renderClientSettings(settings);
      const read = parseClientSettings(entry);
      expect(read).toEqual(settings);
      expect(renderClientSettings(read ?? settings)).toBe(entry);
      expect(renderClientSettings(deriveClientSettings(structuredClone(domain)))).toBe(entry);
    }),
  );
});

test.each(["", "null", "1", "[]", '"x"', "{", '{"version":2,"domain":"example.com"}', '{"version":1}'])(
  "an entry that is not of this version is unknown: %j",
  (text) => {
    expect(parseClientSettings(text)).toBeUndefined();
  },
);
