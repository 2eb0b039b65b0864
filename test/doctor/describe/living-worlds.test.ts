import { expect, test } from "vitest";
import { mailboxOf } from "../../../src/clients/ladder/discovery.ts";
import type { World } from "../../../src/clients/world/world.ts";
import { adoptExisting } from "../../../src/doctor/describe/adopt-existing.ts";
import { draftDomainFile, type Draft } from "../../../src/doctor/describe/draft-domain-file.ts";
import { observeLivingDomain } from "../../../src/doctor/describe/observe-living-domain.ts";
import { renderDraft } from "../../../src/doctor/describe/render-draft.ts";
import { renderAutoconfigXml } from "../../../src/documents/autoconfig-xml.ts";
import { deriveClientSettings, hasServers } from "../../../src/documents/client-settings.ts";
import { parseMailDomain } from "../../../src/spec/parse-mail-domain.ts";
import {
  memoryWorld,
  type MemoryMailPort,
  type MemoryServer,
  type RecordLine,
} from "../../clients/memory-world.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";

async function describe(world: World): Promise<Draft> {
  const living = await observeLivingDomain(mailboxOf("postmaster", "example.com"), world);
  const draft = await adoptExisting(draftDomainFile(living), living, world);
  expect(parseMailDomain(draft.file).ok).toBe(true);
  return draft;
}

/** A zone of example.com, beside one of a provider, and servers by the last number of their address. */
function world(records: readonly RecordLine[], servers: Readonly<Record<number, MemoryServer>> = {}): World {
  const zones = Object.groupBy(records, (line) =>
    line.includes("example.net ") ? "example.net" : "example.com",
  );
  return memoryWorld({
    zones: { "example.com": [], "example.net": [], ...(zones as Record<string, readonly RecordLine[]>) },
    servers: Object.fromEntries(
      Object.entries(servers).map(([last, server]) => [`203.0.113.${last}`, server]),
    ),
  });
}

function document(file: Parameters<typeof sampleDomain>[0]): string {
  const settings = deriveClientSettings(sampleDomain(file));
  if (!hasServers(settings)) throw new Error("The sample has servers.");
  return renderAutoconfigXml(settings);
}

const notes = ({ notes: all }: Draft): string => [...all.values()].flat().join("\n");

const IMAP: MemoryMailPort = { port: 993, protocol: "imap", tls: "implicit" };
const POP3: MemoryMailPort = { port: 995, protocol: "pop3", tls: "implicit" };
const SUBMISSIONS: MemoryMailPort = { port: 465, protocol: "submission", tls: "implicit" };
const SUBMISSION: MemoryMailPort = { port: 587, protocol: "submission", tls: "starttls" };

test("a server of POP3 alone is found, and offers no IMAP", async () => {
  const records = ["mail.example.com A 203.0.113.25", "example.com MX 10 mail.example.com"];
  const draft = await describe(world(records, { 25: { mail: [POP3, SUBMISSIONS] } }));
  expect(draft.file.mailServer).toEqual({
    host: "mail.example.com",
    addresses: ["203.0.113.25"],
    imap: false,
    pop3: { port: 995, tls: "implicit" },
    submission: { port: 465, tls: "implicit" },
  });
  expect(notes(draft)).toContain("Guessed: it answers POP3 at port 995.");
});

test("a server with STARTTLS alone that nobody announces is found", async () => {
  const mail: readonly MemoryMailPort[] = [{ port: 143, protocol: "imap", tls: "starttls" }, SUBMISSION];
  const draft = await describe(world(["mail.example.com A 203.0.113.25"], { 25: { mail } }));
  expect(draft.file.mailServer).toMatchObject({
    imap: { port: 143, tls: "starttls" },
    submission: { port: 587, tls: "starttls" },
  });
});

test("submission at a host of its own is found beside that of the mailboxes", async () => {
  const records = ["imap.example.com A 203.0.113.25", "smtp.example.com A 203.0.113.26"];
  const draft = await describe(world(records, { 25: { mail: [IMAP] }, 26: { mail: [SUBMISSION] } }));
  expect(draft.file.mailServer).toEqual({
    host: "imap.example.com",
    addresses: ["203.0.113.25"],
    submission: { host: "smtp.example.com", port: 587, tls: "starttls" },
  });
});

test("an alias gives way to the name that holds the addresses, and gets none of its own", async () => {
  const mail = [IMAP, SUBMISSIONS, SUBMISSION];
  const alias = "imap.example.com CNAME box.example.com";
  const box = "box.example.com A 203.0.113.25";
  const guessed = await describe(world([alias, box, "example.com MX 10 box.example.com"], { 25: { mail } }));
  expect(guessed.file.mailServer).toEqual({ host: "box.example.com", addresses: ["203.0.113.25"] });
  const srv = "_imaps._tcp.example.com SRV 0 1 993 imap.example.com";
  const announced = await describe(world([alias, box, srv], { 25: { mail } }));
  expect(announced.file.mailServer).toEqual({ host: "imap.example.com" });
});

test("SRV records say all that is offered: what they close is closed, also where it answers", async () => {
  const mail = [IMAP, POP3, SUBMISSIONS, SUBMISSION];
  const draft = await describe(
    world(
      [
        "mail.example.com A 203.0.113.25",
        "_imaps._tcp.example.com SRV 0 0 0 .",
        "_pop3s._tcp.example.com SRV 0 1 995 mail.example.com",
        "_submission._tcp.example.com SRV 0 1 587 mail.example.com",
        "_submissions._tcp.example.com SRV 10 1 465 mail.example.com",
      ],
      { 25: { mail } },
    ),
  );
  expect(draft.file.mailServer).toMatchObject({
    imap: false,
    pop3: { port: 995, tls: "implicit" },
    // In the order of their priorities.
    submission: [
      { port: 587, tls: "starttls" },
      { port: 465, tls: "implicit" },
    ],
  });
  expect(notes(draft)).toContain("IMAP answers at mail.example.com:993 too; imap: {} would announce it.");
});

test("what is announced without TLS alone is taken over with the opt-in, and a warning", async () => {
  const plain = {
    imap: { port: 143, tls: "plain" },
    submission: { port: 587, tls: "plain" },
    allowPlaintext: true,
  };
  const draft = await describe(
    world(["autoconfig.example.com A 203.0.113.80"], {
      80: { https: () => ({ status: 200, type: "text/xml", body: document({ mailServer: plain }) }) },
    }),
  );
  expect(draft.file.mailServer).toMatchObject(plain);
  expect(notes(draft)).toContain(
    "mail.example.com:143 is announced without TLS: passwords would be readable.",
  );
});

test("a provider's document tells the servers, also by a redirect, and not the domain's own name", async () => {
  const body = document({ displayName: "Provider", mailServer: { host: "mail.example.net" } });
  const provider: MemoryServer = { https: () => ({ status: 200, type: "text/xml", body }) };
  const draft = await describe(
    world(["autoconfig.example.com A 203.0.113.80", "auto.example.net A 203.0.113.81"], {
      80: { https: () => ({ status: 302, headers: { location: "https://auto.example.net/" } }) },
      81: provider,
    }),
  );
  expect(draft.file.mailServer?.host).toBe("mail.example.net");
  expect(draft.file.displayName).toBeUndefined();
  expect(notes(draft)).toContain("As https://autoconfig.example.com/mail/config-v1.1.xml says.");
});

test("a document that comes over plain http alone is read last of the domain's own, and told as such", async () => {
  const body = document({ mailServer: { host: "box.example.com" } });
  const http: MemoryServer["http"] = () => ({ status: 200, type: "text/xml", body });
  const records = ["autoconfig.example.com A 203.0.113.80"];
  const draft = await describe(world(records, { 80: { http, https: http, tls: "self-signed" } }));
  expect(notes(draft)).toContain("As http://autoconfig.example.com/mail/config-v1.1.xml says.");
  expect(notes(draft)).toContain(
    "https://autoconfig.example.com/mail/config-v1.1.xml gives no settings: certificate not trusted: DEPTH_ZERO_SELF_SIGNED_CERT.",
  );
});

test("a page where a document should be is told, and what keeps silent was not looked at", async () => {
  const page: MemoryServer = { https: () => ({ status: 200, type: "text/html", body: "<html/>" }) };
  const draft = await describe(
    world(
      [
        "example.com A 203.0.113.80",
        "autoconfig.example.com A 203.0.113.99",
        "autodiscover.example.com A 203.0.113.99",
      ],
      { 80: page, 99: { blackHole: true } },
    ),
  );
  const said = notes(draft);
  expect(said).toContain(
    "https://example.com/.well-known/autoconfig/mail/config-v1.1.xml gives no settings: HTTP 200 text/html.",
  );
  expect(said).toMatch(
    /^Could not be looked up: GET https:\/\/autoconfig\.example\.com\/\S+, POST https:\/\/autodiscover\.example\.com\/\S+, GET http:\/\/autoconfig\S+: timeout/m,
  );
});

test("what failed alike is one line, however much it was", async () => {
  const draft = await describe({
    ...world([]),
    resolve: async () => ({ state: "unknown", reason: "the resolver said SERVFAIL" }),
  });
  const lines = draft.notes.get("")?.filter((line) => line.startsWith("Could not")) ?? [];
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^Could not be looked up: example\.com MX, .+ and \d+ more: the resolver said SERVFAIL$/,
  );
});

test("a name that does not exist is told", async () => {
  const empty = world([]);
  const draft = await describe({
    ...empty,
    resolve: async (name, type) => ({ ...(await empty.resolve(name, type)), isNoName: true }),
  });
  expect(draft.notes.get("")).toContain("The name example.com does not exist in DNS.");
});

test("each of a preset's values is read from the record that it makes", async () => {
  const target = (number: number): string =>
    `selector${number}-example-com._domainkey.example.onmicrosoft.com`;
  const base = memoryWorld({
    zones: {
      "example.com": [
        "example.com MX 0 example-com.mail.protection.outlook.com",
        ...[1, 2].map((number) => `selector${number}._domainkey.example.com CNAME ${target(number)}`),
      ],
      "onmicrosoft.com": [1, 2].map((number) => `${target(number)} TXT v=DKIM1; k=rsa; p=AAAA`),
    },
  });
  const { file } = await describe(base);
  expect(file.preset).toMatchObject({ dkimTarget1: target(1), dkimTarget2: target(2) });
  expect(file.dkim).toBeUndefined();
});

test("of a list the entry that the file would refuse is left out, and the others stand", async () => {
  const key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const draft = await describe(
    world([`mail._domainkey.example.com TXT ${key}`, "s1._domainkey.example.com TXT v=DKIM1; k=rsa; p=MIGf"]),
  );
  expect(draft.file.dkim).toEqual([{ selector: "mail", publicKey: key }]);
  expect(notes(draft)).toMatch(/dkim\.\d is left out, .*"s1".*is shorter than 1,024 bits/);
});

test("notes of several keys that are left out stand together above their block", async () => {
  const mail = [IMAP, SUBMISSIONS, SUBMISSION];
  const records = ["mail.example.com A 203.0.113.25"];
  const text = renderDraft(await describe(world(records, { 25: { mail, tls: "self-signed" } })));
  const [above = ""] = text.split("mailServer:");
  for (const port of [993, 465, 587]) expect(above).toContain(`# mail.example.com:${port} `);
});

test("a long key stands on one line, as it is pasted", async () => {
  const key = `v=DKIM1; k=rsa; p=${Buffer.from([0x30, ...new Uint8Array(293).fill(7)]).toString("base64")}`;
  const text = renderDraft(await describe(world([`mail._domainkey.example.com TXT ${key}`])));
  expect(text).toContain(`publicKey: ${key}\n`);
});
