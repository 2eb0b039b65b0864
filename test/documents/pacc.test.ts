import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { renderPacc } from "../../src/documents/pacc.ts";
import { paccTxt } from "../../src/documents/pacc-txt.ts";
import { expectGolden } from "../dns/golden-file.ts";
import { anyDomain, sampleDomain, type SampleInput } from "../spec/sample-domain.ts";
import { DOMAINS } from "./sample-documents.ts";
import { serverSettings } from "./server-settings.ts";

const host = z.strictObject({ host: z.string().regex(/^[a-z0-9.-]+$/) });
const url = z.strictObject({ url: z.string().regex(/^https:\/\/[a-z0-9.-]+\/\S*$/) });

/** What a reader of drafts -02 to -04 may find, with the limits of their texts. */
const document = z.strictObject({
  authentication: z.strictObject({
    "oauth-public": z.strictObject({ issuer: z.url({ protocol: /^https$/ }) }).optional(),
    password: z.literal(true),
  }),
  info: z.strictObject({
    help: z.strictObject({ documentation: z.url({ protocol: /^https$/ }) }).optional(),
    provider: z.strictObject({ name: z.string().min(1), shortName: z.string().min(1) }),
  }),
  protocols: z
    .strictObject({
      caldav: url,
      carddav: url,
      imap: host,
      jmap: url,
      pop3: host,
      smtp: host,
      submit: host,
    })
    .partial(),
});

function paccOf(input: SampleInput): z.infer<typeof document> | undefined {
  const bytes = renderPacc(serverSettings(sampleDomain(input)));
  return bytes === undefined ? undefined : document.parse(JSON.parse(bytes));
}

test.each(["minimal", "pop3", "pop3-only", "special-characters", "everything"])("PACC: %s", (name) => {
  const bytes = renderPacc(serverSettings(DOMAINS[name] ?? sampleDomain()));
  expectGolden(new URL(`golden/pacc-${name}.json`, import.meta.url), bytes ?? "");
});

test("every document that there is follows the schema, and is an account: mail can be read and sent", () => {
  let documents = 0;
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const bytes = renderPacc(serverSettings(domain));
      if (bytes === undefined) return;
      documents += 1;
      const { info, protocols } = document.parse(JSON.parse(bytes));
      const { imap, pop3, jmap, smtp, submit } = protocols;
      expect(smtp).toEqual(submit);
      expect(jmap !== undefined || ((imap ?? pop3) !== undefined && submit !== undefined)).toBe(true);
      expect(Array.from(info.provider.name).length).toBeLessThanOrEqual(60);
      expect(Array.from(info.provider.shortName).length).toBeLessThanOrEqual(20);
    }),
  );
  expect(documents).toBeGreaterThan(0);
});

test("a name of DNS that is too long for the format is cut", () => {
  const domain = `${"long".repeat(15)}.${"name".repeat(10)}.example`;
  expect(paccOf({ domain })?.info.provider).toEqual({
    name: domain.slice(0, 60),
    shortName: domain.slice(0, 20),
  });
});

test("a protocol at another port, or without implicit TLS, is left out: the format has no word for it", () => {
  const pop3 = { port: 1995 };
  expect(Object.keys(paccOf({ mailServer: { pop3 } })?.protocols ?? {})).toEqual(["imap", "smtp", "submit"]);
  const imap = { tls: "starttls" };
  expect(Object.keys(paccOf({ mailServer: { imap, pop3: {} } })?.protocols ?? {})).toEqual([
    "pop3",
    "smtp",
    "submit",
  ]);
  const calDav = "https://dav.example.com:8443/dav/";
  expect(paccOf({ calDav })?.protocols.caldav).toBeUndefined();
});

test("a DAV server without a context path is left out: the format wants one", () => {
  const at = (path: string): unknown =>
    paccOf({ calDav: `https://dav.example.com${path}`, cardDav: `https://dav.example.com${path}` })
      ?.protocols;
  expect(at("/")).not.toHaveProperty("caldav");
  expect(at("/")).not.toHaveProperty("carddav");
  const url = "https://dav.example.com/dav/";
  expect(at("/dav")).toMatchObject({ caldav: { url }, carddav: { url } });
});

test("names have one space between words, and none at the end of what was cut", () => {
  expect(paccOf({ displayName: "Mail  of   a   company in a town" })?.info.provider).toEqual({
    name: "Mail of a company in a town",
    shortName: "Mail of a compa",
  });
});

test("the endpoint with implicit TLS is named where STARTTLS is preferred", () => {
  const submission = [{ tls: "starttls" }, { tls: "implicit" }];
  expect(paccOf({ mailServer: { submission } })?.protocols.submit).toEqual({ host: "mail.example.com" });
});

test("half an account is no document: a reader would not look for the other half", () => {
  expect(paccOf({ mailServer: { imap: { port: 1993 } } })).toBeUndefined();
  expect(paccOf({ mailServer: { submission: { tls: "starttls" } } })).toBeUndefined();
  const jmap = "https://jmap.example.com/session";
  expect(paccOf({ mailServer: { imap: { port: 1993 } }, jmap })?.protocols.jmap).toEqual({ url: jmap });
});

test("where the user name is not the address there is no document: the format cannot say so", () => {
  expect(paccOf({ username: "localPart" })).toBeUndefined();
});

test("the same settings give the same bytes, in ASCII order of the keys", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const bytes = renderPacc(serverSettings(domain));
      expect(renderPacc(serverSettings(structuredClone(domain)))).toBe(bytes);
      expect(bytes).toBe(bytes === undefined ? undefined : JSON.stringify(sorted(JSON.parse(bytes))));
    }),
  );
});

test("the TXT record holds the SHA-256 of the UTF-8 octets", () => {
  const bytes = '{"name":"邮件"}';
  const digest = createHash("sha256").update(Buffer.from(bytes, "utf8")).digest("base64");
  expect(paccTxt(bytes)).toBe(`v=UAAC1; a=sha256; d=${digest}`);
});

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
