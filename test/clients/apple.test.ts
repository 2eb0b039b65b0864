import { expect, test } from "vitest";
import { apple } from "../../src/clients/apple.ts";
import { parseAppleProfile } from "../../src/clients/parsers/apple-profile.ts";
import { mailboxOf, type Discovery } from "../../src/clients/ladder/discovery.ts";
import { signCms } from "../../src/certificates/cms/sign-cms.ts";
import { renderMobileconfig } from "../../src/documents/mobileconfig.ts";
import { DAY_MS, makeCertificate } from "../certificates/make-chain.ts";
import { serverSettings } from "../documents/server-settings.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { memoryWorld } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";

const WEB = "203.0.113.80";
const PROFILE = "application/x-apple-aspen-config";
const ALICE = mailboxOf("alice", "example.com");
const profile = renderMobileconfig(serverSettings(sampleDomain({ displayName: "Pöst & Co" }))) ?? "";
const servers = {
  outcome: "configured",
  incoming: "imap mail.example.com:993 implicit",
  outgoing: "submission mail.example.com:465 implicit",
  username: "alice@example.com",
  source: "https://autoconfig.example.com/example.com.mobileconfig",
} as const;

test("our unsigned profile sets an account up, once its link is opened, with a warning", async () => {
  const discovery = await at(profile, PROFILE);
  expect(cellOf(discovery)).toEqual({ ...servers, prompts: [`untrusted-source ${servers.source}`] });
  expect(discovery.steps.find(({ effect }) => effect === "used")?.what).toContain("opens its link");
});

test("our signed profile does so without a warning, its octets read as text", async () => {
  const now = Date.now();
  const leaf = await makeCertificate({
    name: "example.com",
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + DAY_MS),
  });
  const signed = await signCms(new TextEncoder().encode(profile), {
    fullChainPem: leaf.pem,
    privateKeyPem: leaf.keyPem,
    signedAt: new Date(now),
  });
  expect(cellOf(await at(new TextDecoder().decode(signed), PROFILE))).toEqual(servers);
});

test("without a profile the person types the servers, whatever else the domain publishes", async () => {
  const discovery = await at(profile, "application/octet-stream");
  expect(cellOf(discovery)).toEqual({ outcome: "manual" });
});

test("nothing but the profile is asked for mail; calendar and address book have services", async () => {
  const world = memoryWorld({ zones: { "example.com": [] } });
  await apple.discover(ALICE, world);
  expect(world.asked).toEqual([
    `GET ${servers.source}`,
    "_caldavs._tcp.example.com SRV",
    "_carddavs._tcp.example.com SRV",
  ]);
});

test("services of calendars that cannot be looked up leave the mail account as it is", async () => {
  const world = memoryWorld({ zones: { "example.com": [] } });
  const resolve = async (): Promise<{ readonly state: "unknown"; readonly reason: string }> => ({
    state: "unknown",
    reason: "silence",
  });
  expect((await apple.discover(ALICE, { ...world, resolve })).outcome).toBe("manual");
  const unknown = memoryWorld({ zones: {}, others: "unknown" });
  expect((await apple.discover(ALICE, unknown)).outcome).toBe("unknown");
});

test("the user name of the profile is used where it has one", () => {
  const domain = sampleDomain({ username: "localPart" });
  const text = renderMobileconfig(serverSettings(domain), { address: "bob@example.com" }) ?? "";
  expect(parseAppleProfile(text)?.username).toBe("bob");
});

test.each<[string, string, string, string]>([
  ["port 587 with TLS is STARTTLS", "<integer>465</integer>", "<integer>587</integer>", "starttls"],
  [
    "TLS is off unless it is asked for",
    "<key>OutgoingMailServerUseSSL</key>",
    "<key>OtherKey</key>",
    "plain",
  ],
])("%s", (_, from, to, tls) => {
  expect(profile).toContain(from);
  expect(parseAppleProfile(profile.replace(from, to))?.outgoing.tls).toBe(tls);
});

test("a profile without a mail account is none", () => {
  expect(
    parseAppleProfile(profile.replace("com.apple.mail.managed", "com.apple.wifi.managed")),
  ).toBeUndefined();
  expect(parseAppleProfile("Hello")).toBeUndefined();
});

function at(body: string, type: string): Promise<Discovery> {
  const options = {
    zones: { "example.com": [`autoconfig.example.com A ${WEB}`] },
    servers: { [WEB]: { https: () => ({ status: 200, type, body }) } },
  };
  return apple.discover(ALICE, memoryWorld(options));
}
