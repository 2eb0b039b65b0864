import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { parse } from "parse5";
import { expect, test } from "vitest";
import type { ServerSettings } from "../../../src/documents/client-settings.ts";
import { renderSettingsPage } from "../../../src/documents/settings-page/render-settings-page.ts";
import { settingsPageCsp } from "../../../src/documents/settings-page/settings-page-csp.ts";
import { expectGolden } from "../../dns/golden-file.ts";
import { fullOptions, fullSettings, minimalSettings, pop3Settings } from "./sample-settings.ts";

const withoutProfile = { language: "en", host: "autoconfig.example.com" };

const pages: Readonly<Record<string, string>> = {
  "full-en": renderSettingsPage(fullSettings, fullOptions("en")),
  "full-de": renderSettingsPage(fullSettings, fullOptions("de")),
  "full-zh": renderSettingsPage(fullSettings, fullOptions("zh")),
  "minimal-en": renderSettingsPage(minimalSettings, withoutProfile),
  "pop3-en": renderSettingsPage(pop3Settings, withoutProfile),
};

function page(changes: Partial<ServerSettings>): string {
  return renderSettingsPage({ ...fullSettings, ...changes }, fullOptions("en"));
}

test.each(Object.entries(pages))("the page %s", (name, html) => {
  expectGolden(new URL(`golden/${name}.html`, import.meta.url), html);
});

test.each(Object.entries(pages))("%s is HTML without a parse error", (_, html) => {
  const errors: string[] = [];
  parse(html, { onParseError: (error) => void errors.push(`${error.code} in line ${error.startLine}`) });
  expect(errors).toEqual([]);
});

test.each(Object.entries(pages))("%s has unique ids, and every reference to one meets it", (_, html) => {
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of html.matchAll(/ aria-labelledby="([^"]+)"/g)) expect(ids).toContain(target);
});

test.each(Object.entries(pages))("%s has no script, no form, no inline style and no address", (_, html) => {
  expect(html).not.toMatch(/<(?:script|form|input|iframe|object|embed|img|base)\b| style=| on[a-z]+=/i);
  expect(html.replace(/<style>[^]*<\/style>/, "")).not.toMatch(/[\w.%+-]@|mailto:/);
});

test.each(Object.entries(pages))(
  "%s loads nothing: the only other hosts in it are those of links",
  (_, html) => {
    expect(html).not.toMatch(/@import|url\(|src=|srcset=/i);
    const links = [...html.matchAll(/<link\b[^>]*>/g)].map(String);
    expect(links).toEqual(['<link rel="icon" href="data:,">']);
  },
);

test("the policy allows the style sheet by its hash, and neither scripts, forms nor frames", () => {
  const style = /<style>([^]*)<\/style>/.exec(pages["full-en"] ?? "")?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  expect(settingsPageCsp).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
  );
});

test("hosts and ports come from the settings", () => {
  const html = page({
    imap: { host: "in.example.net", port: 1993, tls: "implicit" },
    pop3: { host: "pop.example.net", port: 1110, tls: "starttls" },
    submission: { host: "out.example.net", port: 1587, tls: "starttls" },
    sieve: { host: "sieve.example.net", port: 14190, tls: "starttls" },
  });
  const values = [...html.matchAll(/<bdi class="value"[^>]*>([^<]*)</g)].map((match) => match[1]);
  expect(values.slice(0, 6)).toEqual([
    "in.example.net",
    "1993",
    "pop.example.net",
    "1110",
    "out.example.net",
    "1587",
  ]);
  expect(values.slice(-2)).toEqual(["sieve.example.net", "14190"]);
  const text = html.replace(/<style>[^]*<\/style>/, "").replace(/<svg[^]*<\/svg>/, "");
  expect(text).not.toMatch(/\b(?:993|995|110|143|465|587|4190)\b/);
});

test("a protocol that is not offered is not mentioned as a choice", () => {
  expect(page({ pop3: undefined })).not.toMatch(/<caption>[^<]*POP3|IMAP or POP3|<dt>POP3/);
  expect(page({ imap: undefined })).not.toMatch(/<caption>[^<]*IMAP|IMAP or POP3|<dt>IMAP/);
});

test("steps name the protocol that the domain offers", () => {
  expect(page({})).toContain("<b>Personal (<bdi>IMAP</bdi>)</b>");
  expect(page({ imap: undefined })).toContain("<b>Personal (<bdi>POP3</bdi>)</b>");
});

test("the apps on Android find IMAP with TLS by themselves, and nothing else", () => {
  const automatic = "The app finds the servers by itself";
  expect(page({})).toContain(automatic);
  expect(page({ imap: undefined })).not.toContain(automatic);
  expect(page({ imap: { host: "mail.example.com", port: 143, tls: "plain" } })).not.toContain(automatic);
});

test("a connection without encryption is warned about", () => {
  expect(page({})).not.toContain('class="warning"');
  expect(page({ submission: { host: "mail.example.com", port: 25, tls: "plain" } })).toContain(
    'class="warning"',
  );
});

test("what moving mail to the junk folder does is said where it is known, and where IMAP is offered", () => {
  expect(page({ spamTraining: true })).toContain("the spam filter learns from both");
  expect(page({ spamTraining: true })).toContain("An app that uses POP3");
  expect(page({ spamTraining: true, pop3: undefined })).not.toContain("An app that uses POP3");
  expect(page({ spamTraining: false })).toContain("does not train the spam filter");
  expect(page({ spamTraining: undefined })).not.toContain('id="spam"');
  expect(page({ spamTraining: true, imap: undefined })).not.toContain('id="spam"');
});

test("without a profile there is neither a download nor a QR code, and Apple Mail is set up by hand", () => {
  const html = renderSettingsPage(fullSettings, withoutProfile);
  expect(html).not.toMatch(/<svg|\.mobileconfig|With the profile/);
  expect(html).toContain("Add Mail Account");
});

test("languages are links with their own name and tag; a single one is no choice", () => {
  expect(pages["full-de"]).toContain('<html lang="de" dir="ltr">');
  expect(pages["full-de"]).toContain('<a href="?lang=zh" hreflang="zh" lang="zh">中文</a>');
  expect(pages["full-de"]).toContain('hreflang="de" lang="de" aria-current="true">Deutsch</a>');
  expect(pages["minimal-en"]).not.toContain("<nav");
});

test("an unknown language is English, and says so", () => {
  for (const language of ["tlh", "constructor", "__proto__"]) {
    expect(renderSettingsPage(fullSettings, fullOptions(language))).toBe(pages["full-en"]);
  }
});

test("help without a text in the language gets the page's own words", () => {
  expect(pages["full-de"]).toContain(">Hilfe zu E-Mail</a>");
  expect(pages["full-zh"]).toContain(">更多帮助</a>");
});

test("only https is linked to", () => {
  expect(page({ webmail: "javascript:alert(1)" })).not.toContain("javascript:");
  expect(page({ webmail: "http://webmail.example.com/" })).not.toContain("http:");
});

test("no value of the settings changes the structure of the page", () => {
  const tags = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];
  const structure = tags(pages["full-en"] ?? "");
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("</style><script>alert(1)</script>", "*{domain}*", "$&", `"'><b>`, "&lt;", "{issuer}"),
  );
  fc.assert(
    fc.property(text, text, text, (displayName, help, issuer) => {
      const html = page({
        displayName,
        help: { url: "https://www.example.com/help", texts: { en: help } },
        oauth2: { issuer: `https://${issuer}`, authUrl: "", tokenUrl: "", scopes: [] },
      });
      expect(tags(html)).toEqual(structure);
    }),
  );
});
