import { expect, test } from "vitest";
import { deltaChat } from "../../src/clients/deltachat.ts";
import { mailboxOf, type Discovery } from "../../src/clients/ladder/discovery.ts";
import { memoryWorld, type MemoryServer, type MemoryWorldOptions } from "./memory-world.ts";
import { cellOf, type Cell } from "./scenarios/cell.ts";
import { DELTACHAT_CELLS, DELTACHAT_DEAD_ENDS } from "./scenarios/cells-deltachat.ts";
import {
  AUTOCONFIG,
  AUTOCONFIG_PATH,
  POX,
  POX_PATH,
  serves,
  WELL_KNOWN_PATH,
} from "./scenarios/documents.ts";
import { ALICE, scenarioWorld, type ScenarioId } from "./scenarios/scenarios.ts";

const WEB = "203.0.113.80";
const AUTOCONFIG_URL =
  "GET https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=alice%40example.test";

test.each(Object.entries(DELTACHAT_CELLS) as [ScenarioId, Cell][])(
  "Delta Chat ends as it was seen to in %s",
  async (id, expected) => {
    const discovery = await deltaChat.discover(ALICE, scenarioWorld(id));
    expect(cellOf(discovery)).toEqual(expected);
    const ended = discovery.steps.filter(({ effect }) => effect === "ended").map(({ target }) => target);
    expect(ended).toEqual(DELTACHAT_DEAD_ENDS[id] === undefined ? [] : [DELTACHAT_DEAD_ENDS[id]]);
  },
);

test("everything is asked in one order, over https alone and by GET, then the servers are guessed", async () => {
  const world = scenarioWorld("g-nothing");
  await deltaChat.discover(ALICE, world);
  expect(world.asked.slice(0, 5)).toEqual([
    AUTOCONFIG_URL,
    "GET https://example.test/.well-known/autoconfig/mail/config-v1.1.xml",
    "GET https://example.test/autodiscover/autodiscover.xml",
    "GET https://autodiscover.example.test/autodiscover/autodiscover.xml",
    "GET https://autoconfig.thunderbird.net/v1.1/example.test",
  ]);
  expect(world.asked.slice(5)).toEqual([
    "imap implicit imap.example.test:993",
    "imap starttls imap.example.test:143",
    "imap implicit mail.example.test:993",
    "imap starttls mail.example.test:143",
    "imap implicit example.test:993",
    "imap starttls example.test:143",
    "submission implicit smtp.example.test:465",
    "submission starttls smtp.example.test:587",
    "submission implicit mail.example.test:465",
    "submission starttls mail.example.test:587",
    "submission implicit example.test:465",
    "submission starttls example.test:587",
  ]);
});

test("the address is escaped, but for letters, digits and dots", async () => {
  const world = scenarioWorld("g-nothing");
  await deltaChat.discover(mailboxOf("a.b-c_d", "example.test"), world);
  expect(world.asked[0]).toMatch(/emailaddress=a\.b%2Dc%5Fd%40example\.test$/);
});

test("a guess counts with a trusted certificate, and IMAP and SMTP are guessed side by side", async () => {
  const mail: MemoryServer = {
    latencyMs: 30,
    mail: [
      { port: 143, protocol: "imap", tls: "starttls" },
      { port: 465, protocol: "submission", tls: "implicit" },
    ],
  };
  const discovery = await at([`mail.example.test A ${WEB}`], { [WEB]: mail });
  expect(cellOf(discovery)).toEqual({
    outcome: "configured",
    incoming: "imap mail.example.test:143 starttls",
    outgoing: "submission mail.example.test:465 implicit",
    username: "alice@example.test",
    source: "guess",
  });
  // Two tries for IMAP, one for SMTP, of 30 ms each.
  expect(discovery.ms).toBe(60);
});

test("a silent host costs the client its whole minute at every place there", async () => {
  const discovery = await at([`autoconfig.example.test A ${WEB}`], { [WEB]: { blackHole: true } });
  expect(discovery.steps[0]).toMatchObject({ target: AUTOCONFIG_URL, ms: 60_000, effect: "passed" });
  expect(discovery.steps[1]?.startMs).toBe(60_000);
  expect(discovery.outcome).toBe("unknown");
});

const documents: readonly (readonly [title: string, status: number, body: string, used: number])[] = [
  ["plain text of status 200 ends the search: it has no error of XML", 200, "Hello", 0],
  ["an empty answer of status 204 ends the search", 204, "", 0],
  ["an end tag that does not match makes it go on", 200, "<html><meta></html>", 1],
  ["a status of 404 makes it go on, whatever the body is", 404, AUTOCONFIG, 1],
];

test.each(documents)("%s", async (_, status, body, found) => {
  const discovery = await at([`autoconfig.example.test A ${WEB}`, `example.test A ${WEB}`], {
    [WEB]: {
      https: (_, path) =>
        path === AUTOCONFIG_PATH
          ? { status, body }
          : { status: 200, body: path === WELL_KNOWN_PATH ? AUTOCONFIG : "" },
    },
  });
  expect(discovery.steps[0]?.effect).toBe(found === 0 ? "ended" : "passed");
  expect(discovery.outcome).toBe(found === 0 ? "manual" : "configured");
});

test("element names and types are read in any case, and an unknown socket type is tried out", async () => {
  const text = AUTOCONFIG.replaceAll("incomingServer", "INCOMINGSERVER")
    .replace(`type="imap"`, `TYPE="IMAP"`)
    .replaceAll("<socketType>SSL</socketType>", "<socketType>tls</socketType>");
  const box: MemoryServer = {
    mail: [
      { port: 993, protocol: "imap", tls: "implicit" },
      { port: 465, protocol: "submission", tls: "starttls" },
    ],
  };
  const discovery = await at([`autoconfig.example.test A ${WEB}`, "box.example.test A 203.0.113.25"], {
    [WEB]: { https: serves(AUTOCONFIG_PATH, text) },
    "203.0.113.25": box,
  });
  expect(cellOf(discovery)).toMatchObject({
    incoming: "imap box.example.test:993 implicit",
    outgoing: "submission box.example.test:465 starttls",
  });
  expect(discovery.assumptions).toEqual([]);
});

test("a server without a user name is none, and the other protocol's server stays", async () => {
  const text = AUTOCONFIG.replace("<username>%EMAILADDRESS%</username>", "");
  const discovery = await at([`autoconfig.example.test A ${WEB}`, `imap.example.test A ${WEB}`], {
    [WEB]: {
      https: serves(AUTOCONFIG_PATH, text),
      mail: [{ port: 993, protocol: "imap", tls: "implicit" }],
    },
  });
  expect(cellOf(discovery)).toMatchObject({
    outcome: "configured",
    incoming: "imap imap.example.test:993 implicit",
    outgoing: "submission box.example.test:465 implicit",
  });
});

test("RedirectUrl leads to another document, ten documents at most", async () => {
  const redirect = (to: string): string =>
    `<Autodiscover><Response><Account><RedirectUrl>${to}</RedirectUrl></Account></Response></Autodiscover>`;
  const records = [`autodiscover.example.test A ${WEB}`, `pox.example.test A ${WEB}`];
  const once = await at(records, {
    [WEB]: {
      https: (_, path) =>
        path === POX_PATH
          ? { status: 200, body: redirect("https://pox.example.test/there.xml") }
          : { status: 200, body: POX },
    },
  });
  expect(once.source).toBe("https://pox.example.test/there.xml");
  const loop = await at(records, {
    [WEB]: { https: () => ({ status: 200, body: redirect("https://pox.example.test/again.xml") }) },
  });
  expect(loop.outcome).toBe("manual");
  expect(loop.steps.filter(({ what }) => what === "POX")).toHaveLength(11);
});

test("ten redirects of HTTP are followed, to other hosts too, and an eleventh is not", async () => {
  const behind = async (redirects: number): Promise<Discovery> =>
    at([`autoconfig.example.test A ${WEB}`, `www.example.test A ${WEB}`], {
      [WEB]: {
        https: (_, path) => {
          const done = path === AUTOCONFIG_PATH ? 0 : Number(path.slice(1));
          return done === redirects
            ? { status: 200, body: AUTOCONFIG }
            : { status: 302, headers: { location: `https://www.example.test/${done + 1}` } };
        },
      },
    });
  expect((await behind(10)).source).toBe("https://www.example.test/10");
  expect((await behind(11)).outcome).toBe("manual");
});

test("SSL off in POX is no TLS, where it is written in lower case", async () => {
  const cell = async (ssl: string): Promise<Cell> => {
    const text = POX.replaceAll("<SSL>on</SSL>", `<SSL>${ssl}</SSL>`);
    return cellOf(
      await at([`autodiscover.example.test A ${WEB}`], { [WEB]: { https: serves(POX_PATH, text) } }),
    );
  };
  expect(await cell("off")).toMatchObject({ incoming: "imap box.example.test:993 plain" });
  expect(await cell("Off")).toMatchObject({ incoming: "imap box.example.test:993 implicit" });
});

test("where nobody knows how the port of POX speaks, the usual way is taken, and said", async () => {
  const world = scenarioWorld("c-pox-any");
  const discovery = await deltaChat.discover(ALICE, {
    ...world,
    probe: async () => ({ outcome: "unknown", detail: "not in this plan" }),
  });
  expect(cellOf(discovery)).toMatchObject({
    outcome: "configured",
    incoming: "imap box.example.test:993 implicit",
  });
  expect(discovery.assumptions).toEqual([
    "box.example.test:993 speaks TLS from the first byte",
    "box.example.test:465 speaks TLS from the first byte",
  ]);
});

test("what a planned world does not know is taken for absent, and said; nothing found is then not known", async () => {
  const found = await deltaChat.discover(ALICE, unknownWorld("b-wellknown"));
  expect(found.outcome).toBe("configured");
  expect(found.assumptions).toEqual([]);
  const nothing = await deltaChat.discover(ALICE, unknownWorld("g-nothing"));
  expect(nothing.outcome).toBe("unknown");
});

function unknownWorld(id: ScenarioId): ReturnType<typeof scenarioWorld> {
  return scenarioWorld(id, (options) => ({ ...options, others: "unknown" }));
}

function at(records: readonly string[], servers: MemoryWorldOptions["servers"] = {}): Promise<Discovery> {
  return deltaChat.discover(ALICE, memoryWorld({ zones: { "example.test": records }, servers }));
}
