import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { outlook } from "../../src/clients/outlook/outlook.ts";
import {
  memoryWorld,
  type MemoryHandler,
  type MemoryServer,
  type MemoryWorldOptions,
} from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { OUTLOOK_COLUMN } from "./scenarios/cells-outlook.ts";
import { everythingHtml, POX, POX_PATH, serves } from "./scenarios/documents.ts";
import { ALICE, SCENARIO_IDS, scenarioWorld } from "./scenarios/scenarios.ts";

const watched = SCENARIO_IDS.filter((id) => OUTLOOK_COLUMN[id] !== undefined);

test.each(watched)("scenario %s ends as the documented sequence was seen to end", async (id) => {
  const discovery = await outlook.discover(ALICE, scenarioWorld(id));
  expect(cellOf(discovery)).toEqual(OUTLOOK_COLUMN[id]);
});

const SUB = "203.0.113.1";
const APEX = "203.0.113.2";
const SUB_URL = `https://autodiscover.example.test${POX_PATH}`;
const APEX_URL = `https://example.test${POX_PATH}`;

function worldOf(
  sub: MemoryServer,
  apex: MemoryServer,
  options: Partial<MemoryWorldOptions> = {},
): ReturnType<typeof memoryWorld> {
  return memoryWorld({
    zones: { "example.test": [`example.test A ${APEX}`, `autodiscover.example.test A ${SUB}`] },
    servers: { [SUB]: sub, [APEX]: apex },
    ...options,
  });
}

function discover(sub: MemoryServer, apex: MemoryServer): Promise<Discovery> {
  return outlook.discover(ALICE, worldOf(sub, apex));
}

const pox = serves(POX_PATH, POX);
const locked: MemoryHandler = () => ({ status: 401 });

test("the domain itself is asked first, and nothing after a success", async () => {
  const world = worldOf({ https: pox }, { https: pox });
  expect((await outlook.discover(ALICE, world)).source).toBe(APEX_URL);
  expect(world.asked).toEqual([`POST ${APEX_URL}`]);
});

test("the steps follow one another", async () => {
  const discovery = await discover(
    { https: pox, latencyMs: 30 },
    { https: () => ({ status: 404 }), latencyMs: 200 },
  );
  expect(discovery).toMatchObject({ outcome: "configured", ms: 230 });
});

test("a web site at the domain that answers 401 gets the password before autodiscover. is asked", async () => {
  const discovery = await discover({ https: pox }, { https: locked });
  expect(cellOf(discovery)).toMatchObject({
    outcome: "configured",
    source: SUB_URL,
    prompts: [`password ${APEX_URL}`],
    passwordSentTo: ["https://example.test"],
  });
  expect(discovery.assumptions).toContain(`${APEX_URL} answers 401 to the right password, too`);
});

test("a 401 over a bad certificate gets no password", async () => {
  const discovery = await discover(
    { https: locked, tls: "self-signed" },
    { https: locked, tls: "wrong-name" },
  );
  expect(cellOf(discovery)).toEqual({
    outcome: "manual",
    prompts: ["certificate example.test", "certificate autodiscover.example.test"],
  });
});

test.each([301, 302])(
  "a %d over trusted TLS is followed with the same POST, without a prompt",
  async (status) => {
    const discovery = await discover(
      { https: pox },
      { https: () => ({ status, headers: { location: SUB_URL } }) },
    );
    expect(discovery).toMatchObject({ outcome: "configured", source: SUB_URL, prompts: [] });
  },
);

test.each([307, 308, 303])("a %d over http is not followed", async (status) => {
  const http: MemoryHandler = () => ({ status, headers: { location: APEX_URL } });
  const onlyLater = (): MemoryHandler => {
    let count = 0;
    return (method, path, request) => ((count += 1) === 1 ? { status: 404 } : pox(method, path, request));
  };
  const discovery = await discover({ tls: "none", http }, { https: onlyLater() });
  expect(cellOf(discovery)).toEqual({ outcome: "manual" });
});

test("a document over http is never taken", async () => {
  expect(cellOf(await discover({ tls: "none", http: pox }, { tls: "none" }))).toEqual({ outcome: "manual" });
});

test("a redirect over http to http is not followed", async () => {
  const http: MemoryHandler = (_, path) =>
    path === POX_PATH ? { status: 302, headers: { location: "http://example.test/x" } } : undefined;
  const discovery = await discover({ tls: "none", http }, { tls: "none", http: serves("/x", POX) });
  expect(cellOf(discovery)).toEqual({ outcome: "manual" });
});

test("redirects in a circle come to an end", async () => {
  const to = (location: string): MemoryServer => ({ https: () => ({ status: 302, headers: { location } }) });
  expect((await discover(to(APEX_URL), to(SUB_URL))).outcome).toBe("manual");
});

test("a RedirectUrl is followed, an http one is not", async () => {
  const document = (url: string): MemoryHandler =>
    serves(
      POX_PATH,
      POX.replace(
        "<Action>settings</Action>",
        `<Action>redirectUrl</Action><RedirectUrl>${url}</RedirectUrl>`,
      ),
    );
  const followed = await discover({ https: pox }, { https: document(SUB_URL) });
  expect(followed).toMatchObject({ source: SUB_URL, steps: [{}, { effect: "passed" }, { effect: "used" }] });
  const refused = await discover({}, { https: document("http://example.test/x") });
  expect(refused.outcome).toBe("manual");
});

test("of the SRV records only one with port 443 counts, lowest priority first", async () => {
  const world = worldOf(
    {},
    {},
    {
      zones: {
        "example.test": [
          "_autodiscover._tcp.example.test SRV 0 0 8443 a.example.test",
          "_autodiscover._tcp.example.test SRV 20 0 443 b.example.test",
          "_autodiscover._tcp.example.test SRV 10 0 443 c.example.test",
          `c.example.test A ${SUB}`,
        ],
      },
      servers: { [SUB]: { https: pox } },
    },
  );
  expect(cellOf(await outlook.discover(ALICE, world))).toMatchObject({
    source: `https://c.example.test${POX_PATH}`,
    prompts: [`redirect https://c.example.test${POX_PATH}`],
  });
});

test("a web page over good TLS is a warning about a document, and no end", async () => {
  const discovery = await discover({ https: everythingHtml }, { https: everythingHtml });
  expect(cellOf(discovery)).toEqual({
    outcome: "manual",
    prompts: [`document ${APEX_URL}`, `document ${SUB_URL}`],
  });
});

const ENCRYPTION = "<Encryption>SSL</Encryption>";
const NO_PORTS = /<Port>\d+<\/Port>/g;

test.each<[string, (text: string) => string, string | undefined]>([
  [
    "Encryption TLS is STARTTLS, on port 993 as well",
    (text) => text.replaceAll(ENCRYPTION, "<Encryption>TLS</Encryption>"),
    "imap box.example.test:993 starttls",
  ],
  [
    "Encryption overrides SSL",
    (text) => text.replaceAll("<SSL>on</SSL>", "<SSL>off</SSL>"),
    "imap box.example.test:993 implicit",
  ],
  [
    "SSL alone is TLS from the first byte, on port 143 as well",
    (text) => text.replaceAll(ENCRYPTION, "").replace("993", "143"),
    "imap box.example.test:143 implicit",
  ],
  [
    "an absent SSL is on",
    (text) => text.replaceAll(ENCRYPTION, "").replaceAll("<SSL>on</SSL>", ""),
    "imap box.example.test:993 implicit",
  ],
  [
    "an absent port with TLS is that of TLS",
    (text) => text.replaceAll(NO_PORTS, ""),
    "imap box.example.test:993 implicit",
  ],
  [
    "an absent port without TLS is the plain one",
    (text) => text.replaceAll(NO_PORTS, "").replaceAll(ENCRYPTION, "<Encryption>None</Encryption>"),
    "imap box.example.test:143 plain",
  ],
])("of settings, %s", async (_, change, incoming) => {
  const body = change(POX);
  expect(body).not.toBe(POX);
  const discovery = await discover({}, { https: serves(POX_PATH, body) });
  expect(cellOf(discovery)).toMatchObject({ outcome: "configured", incoming });
});

test.each<[string, string, string]>([
  ["an absent SPA, which means on", "<SPA>off</SPA>", ""],
  ["SPA on", "<SPA>off</SPA>", "<SPA>on</SPA>"],
  ["a word for SSL that does not exist", `<SSL>on</SSL>${ENCRYPTION}`, "<SSL>yes</SSL>"],
  ["no SMTP server", "<Type>SMTP</Type>", "<Type>EXPR</Type>"],
])("settings with %s are taken and of no use", async (_, from, to) => {
  expect(POX).toContain(from);
  const discovery = await discover({ https: pox }, { https: serves(POX_PATH, POX.replaceAll(from, to)) });
  expect(cellOf(discovery)).toEqual({ outcome: "failed", source: APEX_URL });
});

test.each<[string, string, string]>([
  ["the https:// namespaces of Microsoft's samples", "http://schemas", "https://schemas"],
  ["another account type", "<AccountType>email", "<AccountType>other"],
  ["an error", "<Account>", "<Error><ErrorCode>600</ErrorCode></Error><Account>"],
])("%s is no answer, and the next place is asked", async (_, from, to) => {
  expect(POX).toContain(from);
  const discovery = await discover({ https: pox }, { https: serves(POX_PATH, POX.replaceAll(from, to)) });
  expect(discovery).toMatchObject({ source: SUB_URL, prompts: [] });
});

test("in a planned world a success says what it takes for granted", async () => {
  const world = memoryWorld({
    zones: {
      "example.test": ["example.test CNAME site.example.com", `autodiscover.example.test A ${SUB}`],
    },
    servers: { [SUB]: { https: pox } },
    others: "unknown",
  });
  // A CNAME at the apex is flattened to addresses that the plan does not know.
  expect(await outlook.discover(ALICE, world)).toMatchObject({
    outcome: "configured",
    assumptions: ["Microsoft 365 does not hold mailboxes of example.test", `POST ${APEX_URL} finds nothing`],
  });
});
