import { expect, test } from "vitest";
import { issuesOf } from "./issues-of.ts";
import { sampleDomain } from "./sample-domain.ts";

const oauth2 = {
  issuer: "https://login.example.com",
  authUrl: "https://login.example.com/authorize",
  tokenUrl: "https://login.example.com/token",
  scopes: ["openid"],
};

function found(input: object): readonly string[] {
  return issuesOf(input).map(({ path, message }) => `${path} ${message}`);
}

test("the help page keeps its texts, language tags in the one form that documents show", () => {
  const help = { url: "https://www.example.com/help", texts: { EN: "Mail", "zh-hant": "郵件" } };
  expect(sampleDomain({ help }).help).toEqual({ ...help, texts: { en: "Mail", "zh-Hant": "郵件" } });
  expect(sampleDomain({ help: { url: help.url } }).help).toEqual({ url: help.url, texts: {} });
});

test("a help page without https, a text without a language, and one that is there twice are refused", () => {
  const help = { url: "http://www.example.com/", texts: { english_: "Mail", en: "Mail", EN: "Post" } };
  expect(found({ help })).toEqual([
    "help.texts.english_ is not a language tag (BCP 47)",
    "help.texts.EN names the language en again",
    "help.url is not a URL of https",
  ]);
});

test("a text loses the white space around it, and one of nothing else is refused: Thunderbird for Android does not trim", () => {
  const url = "https://www.example.com/";
  expect(sampleDomain({ help: { url, texts: { en: " Mail\n" } } }).help?.texts).toEqual({ en: "Mail" });
  expect(found({ help: { url, texts: { en: " " } } })[0]).toMatch(/^help\.texts\.en /);
});

test("a name or text of two lines is refused: documents and dialogues show it on one", () => {
  const line = "has a line break or another control character";
  expect(found({ displayName: "Example\nMail", displayShortName: "a\tb" })).toEqual([
    `displayName ${line}`,
    `displayShortName ${line}`,
  ]);
  const help = { url: "https://www.example.com/", texts: { en: "a\u0007b" } };
  expect(found({ help })).toEqual([`help.texts.en ${line}`]);
  expect(found({ displayShortName: "  " })).toHaveLength(1);
});

test("the endpoints of OAuth2 may have a query, not a fragment; the issuer neither", () => {
  const authUrl = "https://login.example.com/authorize?p=mail";
  expect(sampleDomain({ oauth2: { ...oauth2, authUrl, tokenUrl: authUrl } }).oauth2).toMatchObject({
    authUrl,
    tokenUrl: authUrl,
  });
  expect(found({ oauth2: { ...oauth2, issuer: authUrl, authUrl: `${authUrl}#a` } })).toEqual([
    "oauth2.issuer has a query or fragment",
    "oauth2.authUrl has a fragment",
  ]);
});

test("texts that would make documents too long are refused", () => {
  const url = "https://www.example.com/";
  expect(found({ help: { url, texts: { en: "x".repeat(101) } } })[0]).toMatch(/^help\.texts\.en /);
  const tags = ["en", "de", "zh", "fr", "es", "it", "nl", "pl", "pt", "sv", "ja", "ko", "da"];
  const texts = Object.fromEntries(tags.map((tag) => [tag, "Mail"]));
  expect(found({ help: { url, texts } })).toEqual(["help.texts has more than 12 texts"]);
});

test("languages keep their order, the default one first; English alone where the file names none", () => {
  expect(sampleDomain({ languages: ["zh", "en", "de"] }).languages).toEqual(["zh", "en", "de"]);
  expect(sampleDomain().languages).toEqual(["en"]);
});

test("a language that is not built in is refused, with those that are", () => {
  expect(issuesOf({ languages: ["en", "fr"] })).toMatchObject([
    { path: "languages.1", value: '"fr"', remedy: "Write one of: en, de, zh." },
  ]);
});

test("no language, and one that stands twice, are refused", () => {
  expect(found({ languages: [] })).toHaveLength(1);
  expect(found({ languages: ["de", "en", "de"] })).toEqual(["languages.2 stands in the list twice"]);
});

test("the issuer stays as it is written: a final slash more is another issuer (RFC 8414 §3.3)", () => {
  expect(sampleDomain({ oauth2 }).oauth2).toEqual({ ...oauth2, clientId: undefined });
  const issuer = "https://login.example.com/";
  expect(sampleDomain({ oauth2: { ...oauth2, issuer, clientId: "mail" } }).oauth2).toMatchObject({
    issuer,
    clientId: "mail",
  });
});

test("every problem of the OAuth2 server is told at once", () => {
  const broken = {
    issuer: "login.example.com",
    authUrl: "http://login.example.com/",
    tokenUrl: "https://user:secret@login.example.com/",
    scopes: ["openid mail", 'a"b'],
    clientId: "\u0000",
  };
  expect(found({ oauth2: broken })).toEqual([
    "oauth2.issuer is not a URL",
    "oauth2.scopes.0 is not a scope (RFC 6749 §3.3)",
    "oauth2.scopes.1 is not a scope (RFC 6749 §3.3)",
    "oauth2.clientId is not a client id (RFC 6749 appendix A.1)",
    "oauth2.authUrl is not a URL of https",
    "oauth2.tokenUrl has a user name or password in it",
  ]);
});

test("an OAuth2 server without scopes, and one with an unknown key, are refused", () => {
  expect(found({ oauth2: { ...oauth2, scopes: [] } })[0]).toMatch(/^oauth2\.scopes /);
  expect(found({ oauth2: { ...oauth2, authURL: "https://login.example.com/" } })).toEqual([
    'oauth2.authURL is not a known key; the nearest is "authUrl"',
  ]);
});
