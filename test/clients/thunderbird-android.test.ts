import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { thunderbirdAndroid } from "../../src/clients/thunderbird-android.ts";
import type { World } from "../../src/clients/world/world.ts";
import { memoryWorld, type MemoryHandler, type MemoryServer } from "./memory-world.ts";
import type { Column } from "./scenarios/cell.ts";
import { cellOf } from "./scenarios/cell.ts";
import {
  AUTOCONFIG,
  AUTOCONFIG_PATH,
  everythingHtml,
  serves,
  WELL_KNOWN_PATH,
} from "./scenarios/documents.ts";
import { ALICE, SCENARIO_IDS, scenarioWorld } from "./scenarios/scenarios.ts";

const SUB = "203.0.113.1";
const APEX = "203.0.113.2";
const SOURCE = "https://autoconfig.example.test/mail/config-v1.1.xml";

const BOX = {
  outcome: "configured",
  incoming: "imap box.example.test:993 implicit",
  outgoing: "submission box.example.test:465 implicit",
  username: "alice@example.test",
} as const;

/** From the source, not watched: what has no autoconfig ends with servers typed by hand. */
const COLUMN: Column = {
  "a-autoconfig": { ...BOX, source: SOURCE },
  "b-wellknown": { ...BOX, source: "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml" },
  "e-wild-plus-autoconfig": { ...BOX, source: SOURCE },
  "f-all": { ...BOX, source: SOURCE },
  "x-evo-echo": { ...BOX, source: SOURCE, username: "EVOLUTIONUSER@example.test" },
  "h-autoconfig-http-only": {
    ...BOX,
    source: "http://autoconfig.example.test/mail/config-v1.1.xml",
    prompts: ["untrusted-source http://autoconfig.example.test/mail/config-v1.1.xml"],
  },
  "i-mx-provider": {
    ...BOX,
    source: "https://autoconfig.provider.test/mail/config-v1.1.xml",
    prompts: ["untrusted-source https://autoconfig.provider.test/mail/config-v1.1.xml"],
  },
};

test.each(SCENARIO_IDS)("scenario %s ends as the source says", async (id) => {
  const discovery = await thunderbirdAndroid.discover(ALICE, scenarioWorld(id));
  expect(cellOf(discovery)).toEqual(COLUMN[id] ?? { outcome: "manual" });
});

function discover(sub: MemoryServer, apex: MemoryServer): Promise<Discovery> {
  const world = memoryWorld({
    zones: { "example.test": [`example.test A ${APEX}`, `autoconfig.example.test A ${SUB}`] },
    servers: { [SUB]: sub, [APEX]: apex },
  });
  return thunderbirdAndroid.discover(ALICE, world);
}

test("the address is never sent", async () => {
  const world = scenarioWorld("i-mx-provider");
  await thunderbirdAndroid.discover(ALICE, world);
  expect(world.asked.filter((line) => line.includes("alice"))).toEqual([]);
});

test.each([
  ["a page", everythingHtml],
  ["204", () => ({ status: 204 })],
  ["a document cut short", serves(AUTOCONFIG_PATH, AUTOCONFIG.slice(0, -30))],
])("%s at the first URL leaves the second its turn", async (_, https) => {
  const discovery = await discover({ https }, { https: serves(WELL_KNOWN_PATH, AUTOCONFIG) });
  expect(discovery.source).toBe("https://example.test/.well-known/autoconfig/mail/config-v1.1.xml");
});

test("the content type does not matter", async () => {
  const https = serves(AUTOCONFIG_PATH, AUTOCONFIG, "application/octet-stream");
  expect((await discover({ https }, {})).source).toBe(SOURCE);
});

const SSL = "<socketType>SSL</socketType>";
const SMTP = '<outgoingServer type="smtp">';

test.each<[string, string, string]>([
  ["a port with white space", "<port>993</port>", "<port> 993</port>"],
  ["plain", SSL, "<socketType>plain</socketType>"],
  ["plain beside SSL", SSL, `<socketType>plain</socketType>${SSL}`],
  ["no user name", "<username>%EMAILADDRESS%</username>", ""],
  ["no known authentication", "password-cleartext", "GSSAPI"],
  ["a host name with a space", "box.example.test", "box example.test"],
  [
    "a second SMTP server without a port",
    SMTP,
    `${SMTP}<hostname>b.example.test</hostname></outgoingServer>${SMTP}`,
  ],
  ["no domain", "<domain>example.test</domain>", ""],
  ["no IMAP server", 'type="imap"', 'type="jmap"'],
  [
    "an oAuth2 element without its URLs",
    "</emailProvider>",
    "<oAuth2><scope>mail</scope></oAuth2></emailProvider>",
  ],
])("%s refuses the whole document", async (_, from, to) => {
  expect(AUTOCONFIG).toContain(from);
  const discovery = await discover({ https: serves(AUTOCONFIG_PATH, AUTOCONFIG.replaceAll(from, to)) }, {});
  expect(cellOf(discovery)).toEqual({ outcome: "manual" });
});

test.each<[string, string, string]>([
  ["a POP3 server with faults", '<incomingServer type="pop3">', '<incomingServer type="pop3"><port>x</port>'],
  ["OAuth2 alone", "password-cleartext", "OAuth2"],
  ["a placeholder in the domain", "<domain>example.test</domain>", "<domain>%EMAILDOMAIN%</domain>"],
])("%s is no fault", async (_, from, to) => {
  expect(AUTOCONFIG).toContain(from);
  const discovery = await discover({ https: serves(AUTOCONFIG_PATH, AUTOCONFIG.replaceAll(from, to)) }, {});
  expect(cellOf(discovery)).toEqual({ ...BOX, source: SOURCE });
});

test("one hop over http makes the settings untrusted", async () => {
  const hop =
    (location: string): MemoryHandler =>
    () => ({ status: 302, headers: { location } });
  const discovery = await discover(
    { https: hop("http://example.test/a"), http: hop("https://example.test/a") },
    { http: hop("https://example.test/b"), https: serves("/b", AUTOCONFIG) },
  );
  expect(cellOf(discovery).prompts).toEqual(["untrusted-source https://example.test/b"]);
});

test("settings for the MX are trusted where DNSSEC proves it", async () => {
  const world = scenarioWorld("i-mx-provider");
  const proven: World = {
    ...world,
    resolve: async (name, type) => {
      const answer = await world.resolve(name, type);
      return answer.state === "found" ? { ...answer, isAuthenticated: true } : answer;
    },
  };
  expect(await thunderbirdAndroid.discover(ALICE, proven)).toMatchObject({
    outcome: "configured",
    prompts: [],
  });
});

test("the places are asked at once, those for the MX one after another", async () => {
  const latencyMs = 100;
  const parallel = await discover(
    { latencyMs, https: () => ({ status: 404 }) },
    { latencyMs, https: serves(WELL_KNOWN_PATH, AUTOCONFIG) },
  );
  expect(parallel.ms).toBe(100);
  const world = memoryWorld({
    zones: {
      "example.test": ["example.test MX 10 mx.eu.provider.test"],
      "provider.test": [`*.provider.test A ${SUB}`, `autoconfig.provider.test A ${APEX}`],
    },
    servers: { [SUB]: { latencyMs }, [APEX]: { latencyMs, https: serves(AUTOCONFIG_PATH, AUTOCONFIG) } },
  });
  expect(await thunderbirdAndroid.discover(ALICE, world)).toMatchObject({ outcome: "configured", ms: 200 });
});

test("in a planned world a success says what it takes for granted", async () => {
  const world = memoryWorld({
    zones: {
      "example.test": ["example.test MX 10 mx1.provider.test"],
      "provider.test": [`autoconfig.provider.test A ${SUB}`],
    },
    servers: { [SUB]: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) } },
    others: "unknown",
  });
  expect(await thunderbirdAndroid.discover(ALICE, world)).toMatchObject({
    outcome: "configured",
    assumptions: ["Thunderbird's database does not list example.test"],
  });
});
