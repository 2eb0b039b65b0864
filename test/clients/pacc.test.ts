import { expect, test } from "vitest";
import { mailboxOf, type Discovery } from "../../src/clients/ladder/discovery.ts";
import { pacc } from "../../src/clients/pacc.ts";
import { paccTxt } from "../../src/documents/pacc-txt.ts";
import { renderPacc } from "../../src/documents/pacc.ts";
import { serverSettings } from "../documents/server-settings.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { memoryWorld, type MemoryServer } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";

const WEB = "203.0.113.80";
const URL = "https://ua-auto-config.example.com/.well-known/user-agent-configuration.json";
const document = renderPacc(serverSettings(sampleDomain())) ?? "";
const found = {
  outcome: "configured",
  incoming: "imap mail.example.com:993 implicit",
  outgoing: "submission mail.example.com:465 implicit",
  username: "alice@example.com",
  source: URL,
} as const;

test("our own document and our own record set an account up", async () => {
  expect(cellOf(await at(document, [paccTxt(document)]))).toEqual(found);
});

test("any of several digests vouches, whatever the order of its tags and the space between them", async () => {
  const digest = paccTxt(document).split("d=")[1] ?? "";
  const records = [paccTxt("former document"), ` d=${digest} ;x=1;a=sha256 ; v=UAAC1`];
  expect(cellOf(await at(document, records))).toEqual(found);
});

test.each<[string, readonly string[], string]>([
  [
    "one octet more fails, with the reason",
    [paccTxt(`${document}\n`)],
    "the document's digest is none of those in DNS",
  ],
  [
    "a digest of another algorithm does not vouch",
    [paccTxt(document).replace("sha256", "sha1")],
    "none of those in DNS",
  ],
  ["without a record nothing vouches", [], "no digest vouches for the document"],
])("%s", async (_, records, reason) => {
  const discovery = await at(document, records);
  expect(cellOf(discovery)).toEqual({ outcome: "failed" });
  expect(discovery.steps.at(-1)).toMatchObject({ effect: "ended" });
  expect(discovery.steps.at(-1)?.answer).toContain(reason);
});

test("the digest is of the octets where the world has them, not of the text", async () => {
  const bytes = new TextEncoder().encode(`\uFEFF${document}`);
  const world = memoryWorld(zone([paccTxt(`\uFEFF${document}`)], { https: () => undefined }));
  const discovery = await pacc.discover(mailboxOf("alice", "example.com"), {
    ...world,
    request: async () => ({
      state: "answered",
      status: 200,
      headers: {},
      body: document,
      bytes,
      tlsError: undefined,
      ms: 1,
    }),
  });
  expect(cellOf(discovery)).toEqual(found);
});

test("a name that cannot be looked up is not known, instead of wrong", async () => {
  const world = memoryWorld(zone([], { https: () => ({ status: 200, body: document }) }));
  const discovery = await pacc.discover(mailboxOf("alice", "example.com"), {
    ...world,
    resolve: async () => ({ state: "unknown", reason: "silence" }),
  });
  expect(discovery.outcome).toBe("unknown");
});

test.each<[string, string, string]>([
  [
    "the name of draft -02 for sending",
    `{"smtp":{"host":"out.example.com"}}`,
    "submission out.example.com:465 implicit",
  ],
  [
    "that of draft -03 before it",
    `{"smtp":{"host":"old.example.com"},"submit":{"host":"new.example.com"}}`,
    "submission new.example.com:465 implicit",
  ],
])("reads %s", async (_, sending, outgoing) => {
  const protocols = { pop3: { host: "pop.example.com" }, ...(JSON.parse(sending) as object) };
  const text = JSON.stringify({ authentication: { password: true }, protocols });
  expect(cellOf(await at(text, [paccTxt(text)]))).toMatchObject({
    incoming: "pop3 pop.example.com:995 implicit",
    outgoing,
  });
});

test.each([
  ["a document without mail", { authentication: { password: true }, protocols: { jmap: {} } }],
  [
    "an account that takes no password",
    { ...(JSON.parse(document) as object), authentication: { password: false } },
  ],
])("%s sets nothing up", async (_, value) => {
  const text = JSON.stringify(value);
  expect(cellOf(await at(text, [paccTxt(text)]))).toEqual({ outcome: "manual" });
});

test.each<[string, MemoryServer]>([
  ["an untrusted certificate", { tls: "wrong-name", https: () => ({ status: 200, body: document }) }],
  ["a status other than 200", { https: () => ({ status: 203, body: document }) }],
  ["a page that is no JSON", { https: () => ({ status: 200, body: "<html></html>" }) }],
  ["a redirect", { https: () => ({ status: 302, headers: { location: "https://www.example.com/" } }) }],
])("%s is no answer", async (_, server) => {
  const discovery = await pacc.discover(
    mailboxOf("alice", "example.com"),
    memoryWorld(zone([paccTxt(document)], server)),
  );
  expect(cellOf(discovery)).toEqual({ outcome: "manual" });
});

function zone(records: readonly string[], server: MemoryServer): Parameters<typeof memoryWorld>[0] {
  return {
    zones: {
      "example.com": [
        `ua-auto-config.example.com A ${WEB}`,
        ...records.map((text) => `_ua-auto-config.example.com TXT ${text}`),
      ],
    },
    servers: { [WEB]: server },
  };
}

function at(body: string, records: readonly string[]): Promise<Discovery> {
  const server: MemoryServer = { https: () => ({ status: 200, type: "application/json", body }) };
  return pacc.discover(mailboxOf("alice", "example.com"), memoryWorld(zone(records, server)));
}
