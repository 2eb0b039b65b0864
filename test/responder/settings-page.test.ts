import { expect, test } from "vitest";
import { renderSettingsText } from "../../src/documents/settings-text.ts";
import { serverSettings } from "../documents/server-settings.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { ask } from "./memory-responder.ts";

const PAGE = "https://autoconfig.example.com/";
const TEXT = renderSettingsText(serverSettings(sampleDomain()));

test("the root of the autoconfig name is a page, for a browser and for whatever names no type", async () => {
  for (const accept of [undefined, "*/*", "text/html,*/*;q=0.8", "text/html, text/plain", ""]) {
    const answer = await ask(PAGE, accept === undefined ? {} : { headers: { accept } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.body).toContain("mail.example.com");
  }
});

test("who asks for text gets text, at the root and at /settings.txt", async () => {
  const byHeader = await ask(PAGE, { headers: { accept: "text/plain" } });
  const byPath = await ask(`${PAGE}settings.txt`);
  for (const { headers, body } of [byHeader, byPath]) {
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(body).toBe(TEXT);
  }
});

test("the page runs no script, loads nothing, is shown in no frame, and is kept apart by type and language", async () => {
  const { headers } = await ask(PAGE);
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).not.toMatch(/unsafe|https?:|\*/);
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("permissions-policy")).toContain("camera=()");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d+$/);
  expect(headers.get("vary")).toBe("accept, accept-language");
  // What is for programs may be read from any page; what is for people need not.
  expect(headers.has("access-control-allow-origin")).toBe(false);
});

test("documents carry no HSTS: they are also served at the domain itself, which is not ours to hold", async () => {
  const answer = await ask("https://example.com/.well-known/autoconfig/mail/config-v1.1.xml");
  expect(answer.status).toBe(200);
  expect(answer.headers.has("strict-transport-security")).toBe(false);
});

test("the page is at the autoconfig name only: no other path or host is ever HTML", async () => {
  for (const url of [
    "https://example.com/",
    "https://autodiscover.example.com/",
    "https://mta-sts.example.com/",
    "https://autoconfig.example.com/index.html",
    "https://autoconfig.example.com/mail/",
    "https://autoconfig.example.com//",
    "https://autoconfig.example.org/",
  ]) {
    const answer = await ask(url, { headers: { accept: "text/html" } });
    expect([url, answer.status, answer.headers.get("content-type")]).toEqual([
      url,
      404,
      "text/plain; charset=utf-8",
    ]);
  }
});

test("the page comes in the language that is asked for, by query before header, with a tag of its own each", async () => {
  const url = "https://autoconfig.languages.example/";
  const german = await ask(url, { headers: { "accept-language": "de-AT, en;q=0.5" } });
  expect(german.body).toContain('<html lang="de"');
  expect(german.headers.get("content-language")).toBe("de");
  const english = await ask(`${url}?lang=en`, { headers: { "accept-language": "de" } });
  expect(english.body).toContain('<html lang="en"');
  expect(english.headers.get("etag")).not.toBe(german.headers.get("etag"));
  expect((await ask(`${url}?lang=%22%3E%3Cscript%3E`)).body).not.toContain("<script");
});

test("the page links to the profile where there is one", async () => {
  expect((await ask(PAGE)).body).toContain("/example.com.mobileconfig");
  expect((await ask("https://autoconfig.starttls.example/")).body).not.toContain(".mobileconfig");
});
