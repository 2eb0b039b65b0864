import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { thunderbird } from "../../src/clients/thunderbird/thunderbird.ts";
import {
  memoryWorld,
  type MemoryAnswer,
  type MemoryServer,
  type MemoryWorldOptions,
} from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, serves, WELL_KNOWN_PATH, XML } from "./scenarios/documents.ts";
import { ALICE, scenarioWorld } from "./scenarios/scenarios.ts";

const SUB = "203.0.113.1";
const APEX = "203.0.113.2";

/** `autoconfig.` and the domain itself, each with a server of its own. */
function twoPlaces(
  sub: MemoryServer,
  apex: MemoryServer,
  options: Partial<MemoryWorldOptions> = {},
): MemoryWorldOptions {
  return {
    zones: { "example.test": [`example.test A ${APEX}`, `autoconfig.example.test A ${SUB}`] },
    servers: { [SUB]: sub, [APEX]: apex },
    ...options,
  };
}

function discover(options: MemoryWorldOptions): Promise<Discovery> {
  return thunderbird.discover(ALICE, memoryWorld(options));
}

/** The same answer to everything. */
function always(answer: MemoryAnswer): MemoryServer {
  return { https: () => answer };
}

const good: MemoryServer = { https: serves(WELL_KNOWN_PATH, AUTOCONFIG) };

test.each<[string, MemoryAnswer]>([
  ["a page", { status: 200, type: "text/html", body: "<html><body>Hello</body></html>" }],
  ["a good document of another type", { status: 200, type: "text/html", body: AUTOCONFIG }],
  ["a document without a type", { status: 200, body: AUTOCONFIG }],
  ["204", { status: 204 }],
  ["JSON", { status: 200, type: "application/json", body: "{}" }],
  ["XML of another kind", { status: 200, type: XML, body: "<rss/>" }],
  [
    "a document without a domain",
    { status: 200, type: XML, body: AUTOCONFIG.replace("<domain>example.test</domain>", "") },
  ],
])("%s at the first URL gives up the good document at the second", async (_, answer) => {
  const discovery = await discover(twoPlaces(always(answer), good));
  expect(discovery.outcome).toBe("manual");
  expect(discovery.steps.filter(({ effect }) => effect === "ended").map(({ target }) => target)).toEqual([
    "GET https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=alice%40example.test",
  ]);
});

test.each<[string, MemoryServer]>([
  ["404", always({ status: 404 })],
  ["malformed XML", always({ status: 200, type: XML, body: AUTOCONFIG.slice(0, -20) })],
  ["an empty body of an XML type", always({ status: 200, type: XML })],
  ["malformed JSON", always({ status: 200, type: "application/json", body: "{" })],
  [
    "a self-signed certificate",
    { ...always({ status: 200, type: "text/html", body: "" }), tls: "self-signed" },
  ],
  ["a certificate of another name", { ...always({ status: 204 }), tls: "wrong-name" }],
  ["nothing on port 443", { tls: "none" }],
])("%s at the first URL leaves the second its turn, without a prompt", async (_, server) => {
  const discovery = await discover(twoPlaces(server, good));
  expect(discovery).toMatchObject({
    outcome: "configured",
    source: "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml",
    prompts: [],
  });
});

test("a poisoned provider is no end for the database", async () => {
  const database = "198.51.100.1";
  const options = twoPlaces(always({ status: 204 }), good);
  const discovery = await discover({
    zones: { ...options.zones, "thunderbird.net": [`live.thunderbird.net A ${database}`] },
    servers: {
      ...options.servers,
      [database]: { https: serves("/autoconfig/v1.1/example.test", AUTOCONFIG) },
    },
  });
  expect(discovery.source).toBe("https://live.thunderbird.net/autoconfig/v1.1/example.test");
  expect(discovery.steps.filter(({ effect }) => effect === "used")).toHaveLength(1);
});

test("https comes before http, autoconfig. before .well-known", async () => {
  const both = (path: string): MemoryServer => ({
    https: serves(path, AUTOCONFIG),
    http: serves(path, AUTOCONFIG),
  });
  const [sub, apex] = [both(AUTOCONFIG_PATH), both(WELL_KNOWN_PATH)];
  const sources = await Promise.all(
    [
      twoPlaces(sub, apex),
      twoPlaces({ ...sub, tls: "none" }, apex),
      twoPlaces({ ...sub, tls: "none" }, { ...apex, tls: "none" }),
      twoPlaces({}, { ...apex, tls: "none" }),
    ].map(async (options) => (await discover(options)).source),
  );
  expect(sources).toEqual([
    "https://autoconfig.example.test/mail/config-v1.1.xml",
    "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml",
    "http://autoconfig.example.test/mail/config-v1.1.xml",
    "http://example.test/.well-known/autoconfig/mail/config-v1.1.xml",
  ]);
});

test("redirects lead anywhere, and the document is read at their end", async () => {
  const discovery = await discover(
    twoPlaces(always({ status: 301, headers: { location: "http://example.test/elsewhere.xml" } }), {
      http: serves("/elsewhere.xml", AUTOCONFIG),
    }),
  );
  expect(discovery).toMatchObject({ outcome: "configured", prompts: [] });
});

test("the places are asked at once: the time is that of the slowest one waited for", async () => {
  const slow = (latencyMs: number, server: MemoryServer): MemoryServer => ({ ...server, latencyMs });
  const discovery = await discover(
    twoPlaces(slow(300, always({ status: 404 })), slow(200, good), { dnsMs: 20 }),
  );
  // POX is always waited for: it is at `example.test` as well, and takes no longer.
  expect(discovery).toMatchObject({ outcome: "configured", ms: 300 });
  const starts = discovery.steps.filter(({ what }) => what === "autoconfig").map(({ startMs }) => startMs);
  expect(starts).toEqual([0, 0, 0, 0]);
});

test("a black hole of higher rank costs five seconds", async () => {
  const discovery = await discover(twoPlaces({ blackHole: true }, good));
  expect(discovery).toMatchObject({ outcome: "configured", ms: 5000 });
});

test("a black hole of lower rank costs nothing", async () => {
  const discovery = await discover(
    twoPlaces(
      { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) },
      {},
      {
        zones: {
          "example.test": [`autoconfig.example.test A ${SUB}`],
          "thunderbird.net": ["live.thunderbird.net A 198.51.100.1"],
        },
        servers: {
          [SUB]: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) },
          "198.51.100.1": { blackHole: true },
        },
      },
    ),
  );
  expect(discovery).toMatchObject({ outcome: "configured", ms: 0 });
});

test("the database is given ten seconds", async () => {
  const discovery = await discover({
    zones: { "example.test": [], "thunderbird.net": ["live.thunderbird.net A 198.51.100.1"] },
    servers: { "198.51.100.1": { blackHole: true } },
  });
  // And two seconds of the guess, whose tries begin one after another.
  expect(discovery).toMatchObject({ outcome: "unknown", ms: 12_000 });
});

test("the address goes to the provider and to the MX's provider, never to the database", async () => {
  const world = scenarioWorld("i-mx-provider");
  await thunderbird.discover(ALICE, world);
  const gets = world.asked.filter((line) => line.startsWith("GET "));
  const withAddress = gets.filter((line) => line.includes("alice"));
  expect(withAddress).toHaveLength(5);
  expect(withAddress).toContain(
    "GET https://autoconfig.provider.test/mail/config-v1.1.xml?emailaddress=alice%40example.test",
  );
  expect(gets.filter((line) => line.includes("live.thunderbird.net"))).toEqual([
    "GET https://live.thunderbird.net/autoconfig/v1.1/example.test",
    "GET https://live.thunderbird.net/autoconfig/v1.1/provider.test",
  ]);
});

test("the MX's own parent is asked before its registrable domain, and over https only", async () => {
  const world = memoryWorld({
    zones: {
      "example.test": ["example.test MX 20 other.example.test", "example.test MX 10 mx.eu.provider.test"],
    },
  });
  await thunderbird.discover(ALICE, world);
  expect(world.asked.filter((line) => line.includes("//autoconfig.") && line.includes("provider"))).toEqual([
    "GET https://autoconfig.eu.provider.test/mail/config-v1.1.xml?emailaddress=alice%40example.test",
    "GET https://autoconfig.provider.test/mail/config-v1.1.xml?emailaddress=alice%40example.test",
  ]);
});

test("mail SRV records are never asked for", async () => {
  const world = scenarioWorld("d-srv");
  await thunderbird.discover(ALICE, world);
  expect(world.asked.filter((line) => line.endsWith(" SRV"))).toEqual([
    "_autodiscover._tcp.example.test SRV",
  ]);
});

test("in a planned world a success of low rank says what it takes for granted", async () => {
  const provider = "198.51.100.80";
  const discovery = await discover({
    zones: {
      "example.test": ["example.test MX 10 mx1.provider.test"],
      "provider.test": [`autoconfig.provider.test A ${provider}`],
    },
    servers: { [provider]: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) } },
    others: "unknown",
  });
  expect(discovery).toMatchObject({
    outcome: "configured",
    assumptions: ["Thunderbird's database does not list example.test"],
  });
});

test("in a planned world the provider's own document takes nothing for granted", async () => {
  const discovery = await discover(
    twoPlaces({ https: serves(AUTOCONFIG_PATH, AUTOCONFIG) }, {}, { others: "unknown" }),
  );
  expect(discovery).toMatchObject({ outcome: "configured", assumptions: [] });
});

test("in a planned world nothing found is not known", async () => {
  const discovery = await discover({ zones: { "example.test": [] }, others: "unknown" });
  expect(cellOf(discovery)).toEqual({ outcome: "unknown" });
});

const SSL = "<socketType>SSL</socketType>";
const PASSWORD = "<authentication>password-cleartext</authentication>";

test.each<[string, string, string, string | undefined]>([
  [
    "a first server of an unknown type is skipped",
    'type="imap"',
    'type="jmap"',
    "pop3 box.example.test:995 implicit",
  ],
  ["a first server without a port is skipped", "<port>993</port>", "", "pop3 box.example.test:995 implicit"],
  [
    "white space around a value is no fault",
    "<port>993</port>",
    "<port> 993\n</port>",
    "imap box.example.test:993 implicit",
  ],
  ["socket types are compared by case", SSL, "<socketType>ssl</socketType>", undefined],
  [
    "a second socket type does where the first is none",
    SSL,
    `<socketType>TLS</socketType>${SSL}`,
    "imap box.example.test:993 implicit",
  ],
  [
    "OAuth2 alone does not do for an unknown host",
    PASSWORD,
    "<authentication>OAuth2</authentication>",
    undefined,
  ],
  [
    "OAuth2 beside a password is skipped",
    PASSWORD,
    `<authentication>OAuth2</authentication>${PASSWORD}`,
    "imap box.example.test:993 implicit",
  ],
  [
    "placeholders in a host are filled in",
    "box.example.test",
    "box.%EMAILDOMAIN%",
    "imap box.example.test:993 implicit",
  ],
  ["plain is taken", SSL, "<socketType>plain</socketType>", "imap box.example.test:993 plain"],
  ["no SMTP server is no account", 'type="smtp"', 'type="lmtp"', undefined],
  ["an id that is no host name is refused", 'id="example.test"', 'id="Example Mail"', undefined],
])("of a document, %s", async (_, from, to, incoming) => {
  expect(AUTOCONFIG).toContain(from);
  const body = AUTOCONFIG.replaceAll(from, to);
  const discovery = await discover(twoPlaces({ https: serves(AUTOCONFIG_PATH, body) }, {}));
  expect(cellOf(discovery).incoming).toBe(incoming);
});
