import { expect, test } from "vitest";
import { parse } from "yaml";
import { mailboxOf } from "../../../src/clients/ladder/discovery.ts";
import { adoptExisting } from "../../../src/doctor/describe/adopt-existing.ts";
import { draftDomainFile, type Draft } from "../../../src/doctor/describe/draft-domain-file.ts";
import { observeLivingDomain } from "../../../src/doctor/describe/observe-living-domain.ts";
import { renderDraft } from "../../../src/doctor/describe/render-draft.ts";
import { renderAutoconfigXml } from "../../../src/documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../../../src/documents/autodiscover-pox.ts";
import { deriveClientSettings, hasServers } from "../../../src/documents/client-settings.ts";
import { parseMailDomain } from "../../../src/spec/parse-mail-domain.ts";
import {
  memoryWorld,
  type MemoryMailPort,
  type MemoryServer,
  type MemoryWorldOptions,
} from "../../clients/memory-world.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";

const MAILBOX = mailboxOf("postmaster", "example.com");

const IMPLICIT: readonly MemoryMailPort[] = [
  { port: 993, protocol: "imap", tls: "implicit" },
  { port: 465, protocol: "submission", tls: "implicit" },
];
const ALL: readonly MemoryMailPort[] = [
  ...IMPLICIT,
  { port: 143, protocol: "imap", tls: "starttls" },
  { port: 587, protocol: "submission", tls: "starttls" },
];

async function describe(options: MemoryWorldOptions): Promise<Draft> {
  const world = memoryWorld(options);
  const living = await observeLivingDomain(MAILBOX, world);
  return adoptExisting(draftDomainFile(living), living, world);
}

function autoconfig(file: Readonly<Record<string, unknown>>): MemoryServer {
  const settings = deriveClientSettings(sampleDomain(file));
  if (!hasServers(settings)) throw new Error("The sample has servers.");
  const body = renderAutoconfigXml(settings);
  return {
    https: (_method, path) =>
      path === "/mail/config-v1.1.xml" ? { status: 200, type: "text/xml", body } : undefined,
  };
}

const everyNote = ({ notes }: Draft): string => [...notes.values()].flat().join("\n");

test("a domain that nobody announces is described by the server that answers, with what was guessed", async () => {
  const draft = await describe({
    zones: {
      "example.com": ["mail.example.com A 203.0.113.25", "example.com MX 10 mail.example.com"],
    },
    servers: { "203.0.113.25": { mail: ALL } },
  });
  expect(draft.file).toEqual({
    domain: "example.com",
    mailServer: {
      host: "mail.example.com",
      addresses: ["203.0.113.25"],
    },
    mx: [{ host: "mail.example.com", priority: 10 }],
    adopt: ["@/MX", "mail/A"],
  });
  expect(everyNote(draft)).toContain("Guessed: it answers IMAP at port 993.");
});

test("what equals the defaults is left out: the file says what is particular", async () => {
  const draft = await describe({
    zones: { "example.com": ["imap.example.com A 203.0.113.25"] },
    servers: {
      "203.0.113.25": { mail: [...IMPLICIT, { port: 587, protocol: "submission", tls: "starttls" }] },
    },
  });
  expect(draft.file.mailServer).toEqual({ host: "imap.example.com", addresses: ["203.0.113.25"] });
});

test("the domain's own document is believed first: hosts, ports, user name, display name", async () => {
  const draft = await describe({
    zones: {
      "example.com": ["autoconfig.example.com A 203.0.113.80"],
      "example.net": ["box.example.net A 203.0.113.25", "out.example.net A 203.0.113.26"],
    },
    servers: {
      "203.0.113.80": autoconfig({
        displayName: "Example Mail",
        username: "localPart",
        mailServer: {
          host: "box.example.net",
          imap: { port: 10_993 },
          submission: { host: "out.example.net" },
        },
      }),
      "203.0.113.25": { mail: [{ port: 10_993, protocol: "imap", tls: "implicit" }] },
      "203.0.113.26": { mail: [{ port: 465, protocol: "submission", tls: "implicit" }] },
    },
  });
  expect(draft.file).toMatchObject({
    displayName: "Example Mail",
    username: "localPart",
    mailServer: {
      host: "box.example.net",
      imap: { port: 10_993, tls: "implicit" },
      submission: { host: "out.example.net", port: 465, tls: "implicit" },
    },
  });
  // Its addresses belong to somebody else.
  expect(draft.file.mailServer?.addresses).toBeUndefined();
  expect(everyNote(draft)).toContain("As https://autoconfig.example.com/mail/config-v1.1.xml says.");
});

test("documents that contradict each other, and ports that do not answer or are not trusted, are noted", async () => {
  const settings = deriveClientSettings(sampleDomain({ mailServer: { host: "old.example.com" } }));
  if (!hasServers(settings)) throw new Error("The sample has servers.");
  const pox = renderAutodiscoverPox(settings, MAILBOX.address);
  const draft = await describe({
    zones: {
      "example.com": [
        "autoconfig.example.com A 203.0.113.80",
        "autodiscover.example.com A 203.0.113.81",
        "mail.example.com A 203.0.113.25",
      ],
    },
    servers: {
      "203.0.113.80": autoconfig({}),
      "203.0.113.81": { https: () => ({ status: 200, type: "text/xml", body: pox }) },
      "203.0.113.25": { tls: "self-signed", mail: [{ port: 993, protocol: "imap", tls: "implicit" }] },
    },
  });
  expect(everyNote(draft)).toContain(
    "https://autodiscover.example.com/autodiscover/autodiscover.xml says otherwise: imap old.example.com:993 implicit",
  );
  expect(draft.notes.get("mailServer.imap")?.join()).toContain("certificate not trusted");
  expect(draft.notes.get("mailServer.submission")?.join()).toContain(
    "mail.example.com:465 implicit: refused",
  );
});

test.each([
  [
    "Microsoft 365",
    "example-com.mail.protection.outlook.com",
    { name: "microsoft365", mxHost: "example-com.mail.protection.outlook.com" },
  ],
  ["Zoho", "mx.zoho.eu", { name: "zoho", region: "eu" }],
  ["Migadu", "aspmx1.migadu.com", "migadu"],
  ["Google, by an exchanger of former days", "aspmx.l.google.com", "googleWorkspace"],
  ["iCloud", "mx01.mail.icloud.com", "icloud"],
])(
  "%s is recognised by the exchanger, with the values that the records tell",
  async (_title, host, preset) => {
    const draft = await describe({ zones: { "example.com": [`example.com MX 10 ${host}`] } });
    expect(draft.file.preset).toEqual(preset);
    expect(draft.file.mailServer).toBeUndefined();
    expect(parseMailDomain(draft.file).ok).toBe(true);
  },
);

test("beside a preset only what differs from it is written", async () => {
  const draft = await describe({
    zones: {
      "example.com": [
        "example.com MX 10 aspmx1.migadu.com",
        "example.com MX 20 aspmx2.migadu.com",
        "example.com TXT v=spf1 include:spf.migadu.com -all",
        "key1._domainkey.example.com CNAME key1.example.com._domainkey.migadu.com",
        "_dmarc.example.com TXT v=DMARC1; p=reject",
      ],
      "migadu.com": ["key1.example.com._domainkey.migadu.com TXT v=DKIM1; k=rsa; p=AAAA"],
    },
  });
  expect(draft.file).toEqual({
    domain: "example.com",
    preset: "migadu",
    dmarc: "v=DMARC1; p=reject",
    adopt: ["@/MX", "@/TXT", "_dmarc/TXT", "key1._domainkey/CNAME"],
  });
});

test("delivery is described as it stands: MX, SPF, DKIM under usual selectors, DMARC, MTA-STS, TLS-RPT", async () => {
  const key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const draft = await describe({
    zones: {
      "example.com": [
        "mail.example.com A 203.0.113.25",
        "example.com MX 5 mail.example.com",
        "example.com TXT v=spf1 mx -all",
        `mail._domainkey.example.com TXT ${key}`,
        "_dmarc.example.com TXT v=DMARC1; p=none",
        "_smtp._tls.example.com TXT v=TLSRPTv1; rua=mailto:tls@example.com",
        "_mta-sts.example.com TXT v=STSv1; id=1",
        "mta-sts.example.com A 203.0.113.80",
      ],
    },
    servers: {
      "203.0.113.25": { mail: ALL },
      "203.0.113.80": {
        https: () => ({
          status: 200,
          type: "text/plain",
          body: "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 604800\r\n",
        }),
      },
    },
  });
  expect(draft.file).toMatchObject({
    mx: [{ host: "mail.example.com", priority: 5 }],
    spf: "v=spf1 mx -all",
    dkim: [{ selector: "mail", publicKey: key }],
    dmarc: "v=DMARC1; p=none",
    mtaSts: { mode: "enforce", maxAgeSeconds: 604_800 },
    tlsRpt: ["mailto:tls@example.com"],
  });
  expect(draft.file.adopt).toContain("mail._domainkey/TXT");
  // The policy's id is derived from its bytes, so the record says something else.
  expect(draft.file.adopt).not.toContain("_mta-sts/TXT");
  expect(everyNote(draft)).toContain("_mta-sts/TXT  (today: v=STSv1; id=1)");
});

test("what the domain file would refuse is a comment with its reason, and the rest stands", async () => {
  const draft = await describe({
    zones: {
      "example.com": ["mail.example.com A 203.0.113.25", "example.com TXT v=spf1 include:%{bad -all"],
    },
    servers: { "203.0.113.25": { mail: ALL } },
  });
  expect(draft.file.spf).toBeUndefined();
  expect(everyNote(draft)).toContain(
    'spf is left out, "v=spf1 include:%{bad -all": spf "include:%{bad" has no valid domain',
  );
  expect(parseMailDomain(draft.file).ok).toBe(true);
});

test("leftovers at discovery names and wildcards are named; a wildcard's answer is no record to adopt or replace", async () => {
  const draft = await describe({
    zones: {
      "example.com": [
        "mail.example.com A 203.0.113.25",
        "*.example.com A 203.0.113.99",
        "autodiscover.example.com CNAME autodiscover.outlook.com",
      ],
    },
    servers: { "203.0.113.25": { mail: ALL } },
  });
  const notes = everyNote(draft);
  expect(notes).toContain("autodiscover.example.com leads to autodiscover.outlook.com today");
  expect(notes).toContain("A wildcard answers for every name without records (203.0.113.99)");
  expect(notes).toContain("autodiscover/CNAME  (today: CNAME autodiscover.outlook.com)");
  expect(notes).not.toContain("autoconfig/A");
});

test("a domain without any trace of a mail server gets a file that says so", async () => {
  const draft = await describe({ zones: { "example.com": [] } });
  expect(draft.hasMailServer).toBe(false);
  expect(draft.notes.get("mailServer.host")?.join()).toMatch(/^NOT FOUND/);
});

test("what could not be looked up is said, not taken for absent", async () => {
  const world = memoryWorld({ zones: { "example.com": [] } });
  const living = await observeLivingDomain(MAILBOX, {
    ...world,
    resolve: async (name, type) =>
      type === "MX" ? { state: "unknown", reason: "SERVFAIL" } : world.resolve(name, type),
  });
  expect(draftDomainFile(living).notes.get("")).toContain("Could not be looked up: example.com MX: SERVFAIL");
});

test("the written file is read back as the same settings, its comments above what they are about", async () => {
  const draft = await describe({
    zones: { "example.com": ["mail.example.com A 203.0.113.25", "example.com MX 10 mail.example.com"] },
    servers: { "203.0.113.25": { mail: [...ALL, { port: 995, protocol: "pop3", tls: "implicit" }] } },
  });
  const text = renderDraft(draft);
  expect(parse(text)).toEqual(draft.file);
  expect(text).toMatchInlineSnapshot(`
    "domain: example.com
    # POP3 answers at mail.example.com:995 too; pop3: {} would announce it.
    mailServer:
      # Guessed: it answers IMAP at port 993.
      host: mail.example.com
      addresses: [ 203.0.113.25 ]
    mx:
      - { host: mail.example.com, priority: 10 }
    # Records that stand already and say what is wanted; they keep their ids.
    adopt: [ "@/MX", mail/A ]
    "
  `);
});

test("a server with STARTTLS alone is described as one", async () => {
  const draft = await describe({
    zones: {
      "example.com": [
        "_imap._tcp.example.com SRV 0 1 143 mail.example.com",
        "mail.example.com A 203.0.113.25",
      ],
    },
    servers: {
      "203.0.113.25": {
        mail: [
          { port: 143, protocol: "imap", tls: "starttls" },
          { port: 587, protocol: "submission", tls: "starttls" },
        ],
      },
    },
  });
  expect(draft.file.mailServer).toMatchObject({
    imap: { port: 143, tls: "starttls" },
    submission: { port: 587, tls: "starttls" },
  });
});
