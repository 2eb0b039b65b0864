import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../../src/documents/autodiscover-pox.ts";
import { serverSettings } from "./server-settings.ts";
import { renderSettingsText } from "../../src/documents/settings-text.ts";
import { EVERYTHING } from "./sample-documents.ts";
import type { Endpoint } from "../../src/spec/mail-domain.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";

function allOf(text: string, element: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(
    (match) => match[1] ?? "",
  );
}

test("no document announces a plain endpoint where the protocol has one with TLS", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const settings = serverSettings(domain);
      const { imap, pop3, submission } = domain.mailServer;
      const chosen = [settings.imap, settings.pop3, settings.submission];
      const offered = [imap, pop3, submission];
      const mayBePlain = offered.map((list: readonly Endpoint[]) => list.every(({ tls }) => tls === "plain"));
      expect(
        chosen.filter((endpoint, index) => endpoint?.tls === "plain" && mayBePlain[index] !== true),
      ).toEqual([]);
      const plain = chosen.filter((endpoint) => endpoint?.tls === "plain").length;
      const socketTypes = allOf(renderAutoconfigXml(settings), "socketType");
      expect(socketTypes.filter((type) => type === "plain")).toHaveLength(plain);
      expect(
        allOf(renderAutodiscoverPox(settings, undefined), "SSL").filter((ssl) => ssl === "off"),
      ).toHaveLength(plain);
    }),
  );
});

test("the preferred endpoint with TLS is announced, and only that one", () => {
  const imap = [{ tls: "plain" }, { tls: "starttls" }, { tls: "implicit" }];
  const settings = serverSettings(sampleDomain({ mailServer: { imap, allowPlaintext: true } }));
  expect(settings.imap).toEqual({ host: "mail.example.com", port: 143, tls: "starttls" });
  expect(renderAutoconfigXml(settings).match(/type="imap"/g)).toHaveLength(1);
});

test("IMAP is the first incoming server of every document", () => {
  const settings = serverSettings(sampleDomain({ mailServer: { pop3: {} } }));
  expect([...renderAutoconfigXml(settings).matchAll(/type="(\w+)"/g)].map((match) => match[1])).toEqual([
    "imap",
    "pop3",
    "smtp",
  ]);
  expect(allOf(renderAutodiscoverPox(settings, undefined), "Type")).toEqual(["IMAP", "POP3", "SMTP"]);
});

test("implicit TLS is `SSL` and STARTTLS is `TLS` in autodiscover, both with SSL on and SPA off", () => {
  const pox = renderAutodiscoverPox(
    serverSettings(sampleDomain({ mailServer: { submission: { tls: "starttls" } } })),
    undefined,
  );
  expect(allOf(pox, "Encryption")).toEqual(["SSL", "TLS"]);
  expect(allOf(pox, "SSL")).toEqual(["on", "on"]);
  expect(allOf(pox, "SPA")).toEqual(["off", "off"]);
  expect(allOf(pox, "AuthRequired")).toEqual(["on", "on"]);
  expect(allOf(pox, "AccountType")).toEqual(["email"]);
});

test("the schema namespaces are http://, as the https:// of Microsoft's samples breaks clients", () => {
  const pox = renderAutodiscoverPox(serverSettings(sampleDomain()), undefined);
  expect([...pox.matchAll(/xmlns="([^"]+)"/g)].map((match) => match[1])).toEqual([
    "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006",
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a",
  ]);
});

test("documents stay under 10 kB, without byte order mark, comment, password or white space in leaves", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const settings = serverSettings(domain);
      for (const xml of [
        renderAutoconfigXml(settings),
        renderAutodiscoverPox(settings, "alice@example.com"),
      ]) {
        expect(xml).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?>\n/i);
        expect(xml.length).toBeLessThan(10_000);
        expect(xml).not.toMatch(/<!--|<password>/);
        expect(xml).not.toMatch(/<(\w+)>(\s[^<]*|[^<]*\s)<\/\1>/);
      }
    }),
  );
});

test("the manual settings name every host and port that the documents announce", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const settings = serverSettings(domain);
      const text = renderSettingsText(settings);
      const endpoints = [settings.imap, settings.pop3, settings.submission];
      for (const { host, port } of endpoints.filter((endpoint) => endpoint !== undefined)) {
        expect(text).toContain(`${host}, port ${port}, `);
      }
    }),
  );
});

/** Programs that look at one place of the document only (github.com/M66B/FairEmail, GNOME/geary, GNOME/evolution, verified 2026-11-23). */
function readers(xml: string): Readonly<Record<string, string | undefined>> {
  const types = [...xml.matchAll(/<incomingServer type="(\w+)"/g)].map(([, type]) => type);
  const endpoint = (type: string | undefined, which: 0 | -1): string | undefined =>
    [...xml.matchAll(new RegExp(`type="${type}">\\s*<hostname>([^<]+)</hostname>\\s*<port>(\\d+)`, "g"))]
      .map(([, host, port]) => `${host}:${port}`)
      .at(which);
  return {
    geary: endpoint(types[0], 0),
    k9: endpoint("imap", 0),
    evolution: endpoint("imap", -1),
    fairEmailUser: allOf(xml, "username").at(-1),
    firstUser: allOf(xml, "username")[0],
  };
}

test("a reader of the first server, of the last, of the first user name and of the last end with the same account", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const settings = serverSettings(domain);
      const { geary, k9, evolution, fairEmailUser, firstUser } = readers(renderAutoconfigXml(settings));
      expect(geary).toBe(`${settings.imap?.host}:${settings.imap?.port}`);
      expect([k9, evolution]).toEqual([geary, geary]);
      expect(firstUser).toMatch(/^%EMAIL(ADDRESS|LOCALPART)%$/);
      expect(fairEmailUser).toBe(firstUser);
    }),
  );
});

test("JMAP comes after IMAP and POP3: a program that looks at the first server knows it", () => {
  const types = renderAutoconfigXml(serverSettings(sampleDomain(EVERYTHING))).matchAll(
    /Server type="(\w+)"/g,
  );
  expect([...types].map((match) => match[1])).toEqual(["imap", "pop3", "jmap", "smtp"]);
});

test("OAuth2 stands behind the password, wherever a mail server is named, and never alone", () => {
  const { oauth2, ...rest } = EVERYTHING;
  const xml = renderAutoconfigXml(serverSettings(sampleDomain({ ...rest, oauth2 })));
  const mailServers = [...xml.matchAll(/type="(?:imap|pop3|smtp)">[^]*?<\/\w+Server>/g)].map(
    ([text]) => text,
  );
  expect(mailServers.map((text) => allOf(text, "authentication"))).toEqual(
    Array.from({ length: 3 }, () => ["password-cleartext", "OAuth2"]),
  );
  const without = renderAutoconfigXml(serverSettings(sampleDomain(rest)));
  expect(without).not.toMatch(/oauth2/i);
});

test("the document says version 1.1 with and without the parts of 1.2", () => {
  for (const input of [{}, EVERYTHING]) {
    expect(renderAutoconfigXml(serverSettings(sampleDomain(input)))).toContain(
      '<clientConfig version="1.1">',
    );
  }
});

test("the longest texts that a file may hold leave the document under 10 kB", () => {
  const text = "&".repeat(100);
  const tags = ["en", "de", "zh", "fr", "es", "it", "nl", "pl", "pt", "sv", "ja", "ko"];
  const help = { url: "https://www.example.com/", texts: Object.fromEntries(tags.map((tag) => [tag, text])) };
  const xml = renderAutoconfigXml(serverSettings(sampleDomain({ ...EVERYTHING, help })));
  expect(xml.match(/<descr/g)).toHaveLength(12);
  expect(new TextEncoder().encode(xml).byteLength).toBeLessThan(10_000);
});
