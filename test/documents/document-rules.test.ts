import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../../src/documents/autodiscover-pox.ts";
import { serverSettings } from "./server-settings.ts";
import { renderSettingsText } from "../../src/documents/settings-text.ts";
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
