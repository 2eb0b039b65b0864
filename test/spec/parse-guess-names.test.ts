import { expect, test } from "vitest";
import { issuesOf } from "./issues-of.ts";
import { sampleDomain } from "./sample-domain.ts";

test.each([
  ["the mail host itself is none of them", {}, ["imap", "smtp"]],
  ["pop where POP3 is offered", { pop3: {} }, ["imap", "smtp", "pop"]],
  ["mail where the server has another name", { host: "mx1.example.com" }, ["imap", "smtp", "mail"]],
  ["no imap where it answers at another port", { imap: { port: 1993 } }, ["smtp"]],
  ["no imap where another host answers", { imap: { host: "box.example.com" } }, ["smtp"]],
  ["no smtp without its ports", { submission: { port: 2525 } }, ["imap"]],
  ["all where the domain itself is the mail server", { host: "example.com" }, ["imap", "smtp", "mail"]],
  ["nothing where the mail server lies outside the domain", { host: "mail.example.net" }, []],
])("by default: %s", (_, mailServer, labels) => {
  expect(sampleDomain({ mailServer }).guessNames).toEqual({ labels, isAsked: false });
});

test("by default no name stands that the file gives another meaning", () => {
  const input = {
    mailServer: { host: "mx1.example.com", pop3: [{}, { host: "pop.example.com" }] },
    mx: [{ host: "mail.example.com" }],
    webmail: "https://imap.example.com/",
    publish: { origin: "smtp.example.com" },
  };
  expect(sampleDomain(input).guessNames.labels).toEqual([]);
});

test("names that the file asks for stand each once, in its order, without the mail host", () => {
  const guessNames = ["pop3", "mail", "imap", "pop3"];
  expect(sampleDomain({ guessNames }).guessNames).toEqual({ labels: ["pop3", "imap"], isAsked: true });
  expect(sampleDomain({ guessNames: [] }).guessNames).toEqual({ labels: [], isAsked: true });
});

test("only names that clients guess can be asked for", () => {
  expect(issuesOf({ guessNames: ["imap", "webmail"] })).toMatchObject([
    { path: "guessNames.1", remedy: "Write one of: imap, smtp, mail, pop, pop3." },
  ]);
});

test("a name asked for that is a server of its own is refused", () => {
  const imap = { host: "imap.example.com" };
  const mailServer = { host: "mail.example.com", imap };
  expect(issuesOf({ mailServer, guessNames: ["imap", "smtp"] })).toMatchObject([
    { path: "guessNames", value: '"imap"', message: expect.stringContaining("mailServer.imap") },
  ]);
});
