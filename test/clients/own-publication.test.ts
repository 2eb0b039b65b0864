import { expect, test } from "vitest";
import { clientModel } from "../../src/clients/clients.ts";
import { mailboxOf, type ClientName } from "../../src/clients/ladder/discovery.ts";
import { plannedWorld } from "../doctor/planned-world.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

const POX_SOURCE = "https://autodiscover.example.com/autodiscover/autodiscover.xml";
const AUTOCONFIG_SOURCE = "https://autoconfig.example.com/mail/config-v1.1.xml";

const SRV_SOURCE = "_imaps._tcp.example.com SRV";
const PROFILE_SOURCE = "https://autoconfig.example.com/example.com.mobileconfig";

test.each<[ClientName, string]>([
  ["thunderbird", AUTOCONFIG_SOURCE],
  ["thunderbird-android", AUTOCONFIG_SOURCE],
  ["outlook", POX_SOURCE],
  ["deltachat", AUTOCONFIG_SOURCE],
  ["evolution", SRV_SOURCE],
  ["fairemail", SRV_SOURCE],
  ["kmail", AUTOCONFIG_SOURCE],
  ["nextcloud", AUTOCONFIG_SOURCE],
  ["geary", AUTOCONFIG_SOURCE],
  ["mailspring", AUTOCONFIG_SOURCE],
  ["emclient", SRV_SOURCE],
  ["rfc6186", SRV_SOURCE],
  ["pacc", "https://ua-auto-config.example.com/.well-known/user-agent-configuration.json"],
])(
  "what is published for a domain sets %s up, without a prompt and without a password to anybody",
  async (name, source) => {
    const world = plannedWorld(sampleDomain(), { zone: "example.com" });
    const discovery = await clientModel(name).discover(mailboxOf("o'neil&sons", "example.com"), world);
    expect(discovery).toMatchObject({
      outcome: "configured",
      incoming: { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" },
      outgoing: { protocol: "submission", host: "mail.example.com", port: 465, tls: "implicit" },
      username: "o'neil&sons@example.com",
      source,
      prompts: [],
      passwordSentTo: [],
    });
  },
);

test("the unsigned profile of a domain sets Apple Mail up, with the device's warning", async () => {
  const world = plannedWorld(sampleDomain(), { zone: "example.com" });
  const discovery = await clientModel("apple").discover(mailboxOf("alice", "example.com"), world);
  expect(discovery).toMatchObject({
    outcome: "configured",
    username: "alice@example.com",
    source: PROFILE_SOURCE,
    prompts: [{ kind: "untrusted-source", target: PROFILE_SOURCE }],
    passwordSentTo: [],
  });
});

test.each<[ClientName, string | undefined]>([
  ["deltachat", AUTOCONFIG_SOURCE],
  ["evolution", "_imap._tcp.example.com SRV"],
  ["fairemail", "_imap._tcp.example.com SRV"],
  ["kmail", AUTOCONFIG_SOURCE],
  ["geary", AUTOCONFIG_SOURCE],
  ["rfc6186", "_imap._tcp.example.com SRV"],
  // Neither format has a word for STARTTLS: such a domain publishes nothing of it.
  ["apple", undefined],
  ["pacc", undefined],
])("a domain with STARTTLS alone is found by %s as it can be", async (name, source) => {
  const domain = sampleDomain({
    mailServer: { imap: { port: 143, tls: "starttls" }, submission: { port: 587, tls: "starttls" } },
  });
  const world = plannedWorld(domain, { zone: "example.com" });
  const discovery = await clientModel(name).discover(mailboxOf("alice", "example.com"), world);
  expect(discovery.source).toBe(source);
  expect(discovery.outcome).toBe(source === undefined ? "manual" : "configured");
  if (source === undefined) return;
  expect(discovery).toMatchObject({
    incoming: { host: "mail.example.com", port: 143, tls: "starttls" },
    outgoing: { host: "mail.example.com", port: 587, tls: "starttls" },
  });
});

test("Autodiscover alone, as it is published, sets Thunderbird up as well", async () => {
  const domain = sampleDomain();
  const world = plannedWorld(
    domain,
    { zone: "example.com" },
    {
      request: ({ url }) =>
        url.includes("config-v1.1") || url.includes("live.thunderbird.net")
          ? { state: "failed", kind: "absent", reason: "", ms: 0 }
          : undefined,
    },
  );
  expect(await clientModel("thunderbird").discover(mailboxOf("alice", "example.com"), world)).toMatchObject({
    outcome: "configured",
    source: "https://autodiscover.example.com/autodiscover/autodiscover.xml",
    prompts: [],
    passwordSentTo: [],
  });
});
