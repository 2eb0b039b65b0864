import { expect, test } from "vitest";
import { deriveNotices } from "../../src/dns/derive-notices.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";

function domainOf(changes: object): MailDomain {
  const parsed = parseMailDomain({
    domain: "example.com",
    mailServer: { host: "mail.example.com" },
    ...changes,
  });
  if (!parsed.ok) throw new Error("refused");
  return parsed.domain;
}

test("a usual domain has nothing to say", () => {
  expect(deriveNotices(domainOf({}), "script.team.workers.dev")).toEqual([]);
});

test("a plain endpoint is named, with its port", () => {
  const mailServer = { host: "mail.example.com", imap: { tls: "plain" }, allowPlaintext: true };
  expect(deriveNotices(domainOf({ mailServer }), "script.team.workers.dev")).toEqual([
    expect.stringContaining("imap mail.example.com:143"),
  ]);
});

test("an SRV record that is left out is said, with what to set", () => {
  expect(deriveNotices(domainOf({}), undefined)).toEqual([expect.stringContaining("publish.srvTarget")]);
  expect(deriveNotices(domainOf({ publish: { srvTarget: "web.example.net" } }), undefined)).toEqual([]);
  expect(deriveNotices(domainOf({ publish: { origin: "web.example.net" } }), undefined)).toEqual([]);
});

test("where a provider answers _autodiscover._tcp, no record is left out", () => {
  const plain = domainOf({});
  const preset = { ...plain.preset, autodiscoverSrv: "autodiscover.example.org" };
  expect(deriveNotices({ ...plain, preset }, undefined)).toEqual([]);
});

test("a panel that would answer at the published names is told, with how to switch that off", () => {
  const [notice] = deriveNotices(domainOf({ preset: "plesk" }), "host.workers.dev");
  expect(notice).toMatch(
    /^example\.com: Plesk would answer at autoconfig\.example\.com, autodiscover\.example\.com by itself; .* Switch /,
  );
});
