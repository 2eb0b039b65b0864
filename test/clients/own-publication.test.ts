import { expect, test } from "vitest";
import { clientModel } from "../../src/clients/clients.ts";
import { mailboxOf, type ClientName } from "../../src/clients/discovery.ts";
import { plannedWorld } from "../doctor/planned-world.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

const POX_SOURCE = "https://autodiscover.example.com/autodiscover/autodiscover.xml";
const AUTOCONFIG_SOURCE = "https://autoconfig.example.com/mail/config-v1.1.xml";

test.each<[ClientName, string]>([
  ["thunderbird", AUTOCONFIG_SOURCE],
  ["thunderbird-android", AUTOCONFIG_SOURCE],
  ["outlook", POX_SOURCE],
])("what is published for a domain sets %s up, without a prompt or a password", async (name, source) => {
  const domain = sampleDomain();
  const world = plannedWorld(domain, { zone: "example.com" });
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
