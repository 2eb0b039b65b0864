/** Geary, Mailspring and eM Client: a few steps each. */
import { expect, test } from "vitest";
import type { ClientModel, Discovery } from "../../src/clients/ladder/discovery.ts";
import { emClient } from "../../src/clients/emclient.ts";
import { geary } from "../../src/clients/geary.ts";
import { mailspring } from "../../src/clients/mailspring.ts";
import { memoryWorld, type MemoryMailPort } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { AUTOCONFIG, POX, POX_PATH, serves } from "./scenarios/documents.ts";
import { ALICE, scenarioWorld } from "./scenarios/scenarios.ts";

const WEB = "203.0.113.80";
const popFirst = AUTOCONFIG.replace(
  "<incomingServer",
  `<incomingServer type="pop3"><hostname>pop.example.test</hostname></incomingServer><incomingServer`,
);
const mail: readonly MemoryMailPort[] = [
  { port: 993, protocol: "imap", tls: "implicit" },
  { port: 465, protocol: "submission", tls: "implicit" },
];

test("Geary looks at no status, and takes the address as the user name", async () => {
  const text = AUTOCONFIG.replaceAll("%EMAILADDRESS%", "%EMAILLOCALPART%");
  expect(cellOf(await withDocument(geary, text, 500))).toMatchObject({
    outcome: "configured",
    username: "alice@example.test",
  });
});

test("Geary refuses a document whose first incoming server is not IMAP; Mailspring finds it", async () => {
  expect((await withDocument(geary, popFirst)).outcome).toBe("manual");
  expect((await withDocument(mailspring, popFirst)).outcome).toBe("configured");
});

test("Geary takes an unknown socket type for no TLS", async () => {
  const text = AUTOCONFIG.replaceAll("<socketType>SSL", "<socketType>tls");
  expect(cellOf(await withDocument(geary, text))).toMatchObject({
    incoming: "imap box.example.test:993 plain",
  });
});

test("Mailspring asks without the address, then tries imap. and smtp. at the ports of TLS", async () => {
  const world = scenarioWorld("g-nothing");
  await mailspring.discover(ALICE, world);
  expect(world.asked).toEqual([
    "GET https://autoconfig.example.test/mail/config-v1.1.xml",
    "GET https://example.test/.well-known/autoconfig/mail/config-v1.1.xml",
    "imap implicit imap.example.test:993",
    "submission implicit smtp.example.test:465",
  ]);
  const zones = {
    "example.test": [`imap.example.test A ${WEB}`, `smtp.example.test A ${WEB}`],
  };
  const guessed = await mailspring.discover(ALICE, memoryWorld({ zones, servers: { [WEB]: { mail } } }));
  expect(guessed.source).toBe("guess");
  const warned = await mailspring.discover(
    ALICE,
    memoryWorld({ zones, servers: { [WEB]: { tls: "wrong-name", mail } } }),
  );
  expect(warned.outcome).toBe("manual");
});

test("Mailspring knows two user names: the local part, and for anything else the address", async () => {
  const username = async (text: string): Promise<string | undefined> =>
    (await withDocument(mailspring, AUTOCONFIG.replaceAll("%EMAILADDRESS%", text))).username;
  expect(await username("%EMAILLOCALPART%")).toBe("alice");
  expect(await username("%EMAILDOMAIN%\\%EMAILLOCALPART%")).toBe("alice@example.test");
});

test("eM Client is marked best effort: SRV, Autodiscover at the domain and below it, then guesses", async () => {
  expect(emClient.isBestEffort).toBe(true);
  const world = scenarioWorld("g-nothing");
  await emClient.discover(ALICE, world);
  expect(world.asked.slice(0, 7)).toEqual([
    "_imaps._tcp.example.test SRV",
    "_imap._tcp.example.test SRV",
    "_submissions._tcp.example.test SRV",
    "_submission._tcp.example.test SRV",
    "POST https://example.test/autodiscover/autodiscover.xml",
    "POST https://autodiscover.example.test/autodiscover/autodiscover.xml",
    "imap implicit imap.example.test:993",
  ]);
});

test("eM Client takes the login name of Autodiscover, and the address where there is none", async () => {
  const username = async (text: string): Promise<string | undefined> => {
    const options = {
      zones: { "example.test": [`example.test A ${WEB}`] },
      servers: { [WEB]: { https: serves(POX_PATH, text) } },
    };
    return (await emClient.discover(ALICE, memoryWorld(options))).username;
  };
  expect(await username(POX)).toBe("alice@example.test");
  expect(await username(POX.replaceAll("<SPA>", "<LoginName>alice</LoginName><SPA>"))).toBe("alice");
});

function withDocument(client: ClientModel, body: string, status: number = 200): Promise<Discovery> {
  const options = {
    zones: { "example.test": [`autoconfig.example.test A ${WEB}`] },
    servers: { [WEB]: { https: () => ({ status, body }) } },
  };
  return client.discover(ALICE, memoryWorld(options));
}
