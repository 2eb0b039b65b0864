import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { mailboxOf, type Discovery } from "../../../src/clients/ladder/discovery.ts";
import { evolution } from "../../../src/clients/evolution/evolution.ts";
import { memoryWorld, type MemoryServer, type MemoryWorldOptions } from "../memory-world.ts";
import { cellOf, type Cell } from "../scenarios/cell.ts";
import { EVOLUTION_CELLS, EVOLUTION_RESULTS } from "../scenarios/cells-evolution.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, serves } from "../scenarios/documents.ts";
import { ALICE, scenarioWorld, type ScenarioId } from "../scenarios/scenarios.ts";

const WEB = "203.0.113.80";
const AUTOCONFIG_NAME = `autoconfig.example.test A ${WEB}`;

test.each(Object.entries(EVOLUTION_CELLS) as [ScenarioId, Cell][])(
  "Evolution ends as it was seen to in %s, with the same list of results",
  async (id, expected) => {
    const discovery = await evolution.discover(ALICE, scenarioWorld(id));
    expect(cellOf(discovery)).toEqual(expected);
    const results = discovery.steps.find(({ what }) => what === "choice")?.answer ?? "";
    expect(id === "f-all" ? results.slice(0, EVOLUTION_RESULTS[id].length) : results).toBe(
      EVOLUTION_RESULTS[id],
    );
  },
);

test("the real local part is never sent, but the digest of the address in lower case", async () => {
  const world = scenarioWorld("g-nothing");
  await evolution.discover(mailboxOf("Alice", "example.test"), world);
  const md5 = createHash("md5").update("alice@example.test").digest("hex");
  const query = `emailaddress=EVOLUTIONUSER%40example.test&emailmd5=${md5}`;
  expect(world.asked.filter((asked) => asked.startsWith("GET"))).toEqual([
    `GET https://autoconfig.example.test/mail/config-v1.1.xml?${query}`,
    `GET http://autoconfig.example.test/mail/config-v1.1.xml?${query}`,
    `GET https://example.test/.well-known/autoconfig/mail/config-v1.1.xml?${query}`,
    "GET https://autoconfig.thunderbird.net/v1.1/example.test",
  ]);
  expect(world.asked.join("\n")).not.toMatch(/alice/i);
});

test("services are asked beside the documents, one after another, and the calendar's site beside both", async () => {
  const discovery = await evolution.discover(
    ALICE,
    scenarioWorld("g-nothing", (options) => ({ ...options, dnsMs: 20 })),
  );
  const started = (what: string): readonly number[] =>
    discovery.steps.filter((step) => step.what === what).map(({ startMs }) => startMs);
  expect(started("SRV")).toEqual([0, 20, 40, 60, 80, 100]);
  expect(started("autoconfig")[0]).toBe(0);
  expect(started("WebDAV")).toEqual([0]);
  expect(discovery.ms).toBe(120);
});

test("a silent host is waited for 15 seconds at each place", async () => {
  const discovery = await at([AUTOCONFIG_NAME], { [WEB]: { blackHole: true } });
  expect(discovery.steps.filter(({ what }) => what === "autoconfig").map(({ startMs }) => startMs)).toEqual([
    0, 15_000, 30_000,
  ]);
  expect(discovery.outcome).toBe("unknown");
});

test("the last server of a type wins, field by field", async () => {
  const second = `<incomingServer type="imap"><hostname>weak.example.test</hostname>
    <socketType>STARTTLS</socketType></incomingServer></emailProvider>`;
  const discovery = await withDocument(AUTOCONFIG.replace("</emailProvider>", second));
  expect(cellOf(discovery)).toMatchObject({ incoming: "imap weak.example.test:993 starttls" });
});

test("a well-formed page without servers ends the search, one that is not well-formed does not", async () => {
  const page = await withDocument("<html><body>Hello</body></html>");
  expect(page.steps.filter(({ what }) => what !== "SRV").map(({ effect }) => effect)).toEqual([
    "ended",
    "passed",
  ]);
  const broken = await withDocument("<html><br></html>");
  expect(broken.steps.filter(({ what }) => what === "autoconfig")).toHaveLength(3);
});

test("the MX host is asked only where Thunderbird's database answers 404", async () => {
  const database = (status: number): Promise<Discovery> =>
    evolution.discover(
      ALICE,
      scenarioWorld("i-mx-provider", ({ zones, servers = {} }) => ({
        zones: { ...zones, "thunderbird.net": ["autoconfig.thunderbird.net A 192.0.2.1"] },
        servers: { ...servers, "192.0.2.1": { https: () => ({ status }) } },
      })),
    );
  expect((await database(404)).source).toBe("https://autoconfig.provider.test/mail/config-v1.1.xml");
  const failing = await database(500);
  expect(failing.outcome).toBe("manual");
  expect(failing.steps.some(({ what }) => what === "MX")).toBe(false);
});

test("half of the settings from SRV is made whole by autoconfig", async () => {
  const discovery = await at(
    ["_submissions._tcp.example.test SRV 0 1 465 smtp.example.test", AUTOCONFIG_NAME],
    { [WEB]: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) } },
  );
  expect(cellOf(discovery)).toMatchObject({
    incoming: "imap box.example.test:993 implicit",
    outgoing: "submission smtp.example.test:465 implicit",
    source: "https://autoconfig.example.test/mail/config-v1.1.xml",
  });
});

test.each<[string, MemoryServer, readonly string[]]>([
  [
    "a site with a trusted certificate gets the password",
    { https: () => undefined },
    ["https://example.test"],
  ],
  ["a site with an untrusted one does not", { tls: "self-signed", https: () => undefined }, []],
])("%s", async (_, server, expected) => {
  const discovery = await at([`example.test A ${WEB}`], { [WEB]: server });
  expect(discovery.passwordSentTo).toEqual(expected);
});

test("a site that stays silent does not make the mail servers unknown", async () => {
  const discovery = await at([], {});
  expect(discovery.outcome).toBe("manual");
  const silent = await evolution.discover(ALICE, {
    ...memoryWorld({ zones: { "example.test": [] } }),
    request: async ({ method, timeoutMs = 0 }) =>
      method === "PROPFIND"
        ? { state: "failed", kind: "timeout", reason: "silence", ms: timeoutMs }
        : { state: "failed", kind: "absent", reason: "no name", ms: 0 },
  });
  expect(silent.outcome).toBe("manual");
  expect(silent.ms).toBe(15_000);
});

test("what a planned world does not know is taken for absent, and said", async () => {
  const discovery = await evolution.discover(
    ALICE,
    scenarioWorld("d-srv", (options) => ({ ...options, others: "unknown" })),
  );
  expect(discovery.outcome).toBe("configured");
  expect(discovery.assumptions).toEqual(["Thunderbird's database does not list example.test"]);
});

function withDocument(text: string): Promise<Discovery> {
  return at([AUTOCONFIG_NAME], { [WEB]: { https: serves(AUTOCONFIG_PATH, text) } });
}

function at(records: readonly string[], servers: MemoryWorldOptions["servers"] = {}): Promise<Discovery> {
  return evolution.discover(ALICE, memoryWorld({ zones: { "example.test": records }, servers }));
}
