import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { thunderbird } from "../../src/clients/thunderbird/thunderbird.ts";
import { memoryWorld, type MemoryAnswer, type MemoryHandler, type MemoryServer } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, everythingHtml, POX, POX_PATH, serves } from "./scenarios/documents.ts";
import { ALICE, scenarioWorld } from "./scenarios/scenarios.ts";

const SUB = "203.0.113.1";
const APEX = "203.0.113.2";
const OTHER = "203.0.113.3";
const PROVIDER = "198.51.100.80";

const SUB_URL = `https://autodiscover.example.test${POX_PATH}`;
const APEX_URL = `https://example.test${POX_PATH}`;

interface Places {
  readonly sub?: MemoryServer;
  readonly apex?: MemoryServer;
  /** `autoconfig.` */
  readonly other?: MemoryServer;
  /** The host `pox` of the zone `provider.test`. */
  readonly provider?: MemoryServer;
  readonly records?: readonly string[];
}

function worldOf({ sub, apex, other, provider, records = [] }: Places): ReturnType<typeof memoryWorld> {
  const place = (name: string, address: string, server: MemoryServer | undefined): string[] =>
    server === undefined ? [] : [`${name} A ${address}`];
  return memoryWorld({
    zones: {
      "example.test": [
        ...place("autodiscover.example.test", SUB, sub),
        ...place("example.test", APEX, apex),
        ...place("autoconfig.example.test", OTHER, other),
        ...records,
      ],
      "provider.test": place("pox.provider.test", PROVIDER, provider),
    },
    servers: { [SUB]: sub ?? {}, [APEX]: apex ?? {}, [OTHER]: other ?? {}, [PROVIDER]: provider ?? {} },
  });
}

function discover(places: Places): Promise<Discovery> {
  return thunderbird.discover(ALICE, worldOf(places));
}

const pox = serves(POX_PATH, POX);
const unauthorized: MemoryAnswer = { status: 401, headers: { "www-authenticate": "Basic" } };
const locked: MemoryHandler = () => unauthorized;
const SRV_TO_PROVIDER = "_autodiscover._tcp.example.test SRV 0 0 443 pox.provider.test";

test("autodiscover. comes before the domain itself", async () => {
  expect((await discover({ sub: { https: pox }, apex: { https: pox } })).source).toBe(SUB_URL);
  expect((await discover({ apex: { https: pox } })).source).toBe(APEX_URL);
});

test("a page at autodiscover. gives up the good answer of the domain itself", async () => {
  const discovery = await discover({ sub: { https: everythingHtml }, apex: { https: pox } });
  expect(cellOf(discovery)).toEqual({ outcome: "manual" });
});

test("autoconfig is taken rather than Autodiscover, which is waited for all the same", async () => {
  const discovery = await discover({
    sub: { https: pox, latencyMs: 700 },
    other: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG), latencyMs: 20 },
  });
  expect(discovery).toMatchObject({
    source: "https://autoconfig.example.test/mail/config-v1.1.xml",
    ms: 700,
  });
  expect(discovery.steps.filter(({ effect }) => effect === "used").map(({ what }) => what)).toEqual([
    "autoconfig",
  ]);
});

test("a black hole behind autodiscover. costs five seconds though autoconfig is perfect", async () => {
  const discovery = await discover({
    sub: { blackHole: true },
    other: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) },
  });
  expect(discovery).toMatchObject({ outcome: "configured", ms: 5000 });
});

test("a wildcard host that always answers 401 gets the password under both names, and ends the set-up", async () => {
  const world = memoryWorld({
    zones: { "example.test": [`example.test A ${SUB}`, `*.example.test A ${SUB}`] },
    servers: { [SUB]: { https: locked } },
  });
  const discovery = await thunderbird.discover(ALICE, world);
  expect(cellOf(discovery)).toEqual({
    outcome: "manual",
    prompts: [`password ${SUB_URL}`],
    passwordSentTo: ["https://autodiscover.example.test", "https://example.test"],
  });
  expect(discovery.assumptions).toEqual([
    `${SUB_URL} answers 401 to the right password, too`,
    `${APEX_URL} answers 401 to the right password, too`,
  ]);
  expect(world.asked.some((line) => line.startsWith("imap "))).toBe(false);
});

test("a host that always answers 401 is nothing where autoconfig has settings", async () => {
  const discovery = await discover({
    sub: { https: locked },
    other: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) },
  });
  expect(cellOf(discovery)).toEqual({
    outcome: "configured",
    incoming: "imap box.example.test:993 implicit",
    outgoing: "submission box.example.test:465 implicit",
    username: ALICE.address,
    source: "https://autoconfig.example.test/mail/config-v1.1.xml",
  });
});

test("after a 401 the password goes with the first request to the other https host, too", async () => {
  const discovery = await discover({
    sub: {
      https: (_, __, { withPassword }) =>
        withPassword === true ? pox("POST", POX_PATH, asked) : unauthorized,
    },
    apex: { https: () => ({ status: 404 }) },
  });
  expect(cellOf(discovery)).toMatchObject({
    outcome: "configured",
    source: SUB_URL,
    passwordSentTo: ["https://autodiscover.example.test", "https://example.test"],
  });
});

const asked = { method: "POST", url: SUB_URL } as const;

test("a 401 is nothing where another place of Autodiscover answers, with a page even", async () => {
  const discovery = await discover({
    sub: { https: locked },
    apex: { https: everythingHtml },
    other: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) },
  });
  expect(cellOf(discovery)).toMatchObject({ outcome: "configured" });
  expect(discovery).toMatchObject({ prompts: [], passwordSentTo: [] });
});

test("a 401 over plain http asks for the password, which goes to https hosts only", async () => {
  const discovery = await discover({
    sub: { tls: "none", http: locked },
    apex: { https: () => ({ status: 404 }) },
  });
  expect(cellOf(discovery)).toEqual({
    outcome: "manual",
    prompts: [`password http://autodiscover.example.test${POX_PATH}`],
    passwordSentTo: ["https://example.test"],
  });
});

test("a host with a bad certificate never gets the password", async () => {
  const discovery = await discover({ sub: { https: locked }, apex: { https: locked, tls: "self-signed" } });
  expect(discovery.passwordSentTo).toEqual(["https://autodiscover.example.test"]);
});

test("an SRV target in another domain is asked after two seconds and a prompt", async () => {
  const discovery = await discover({ provider: { https: pox }, records: [SRV_TO_PROVIDER] });
  expect(discovery).toMatchObject({
    outcome: "configured",
    source: `https://pox.provider.test${POX_PATH}`,
    prompts: [{ kind: "redirect", target: `https://pox.provider.test${POX_PATH}` }],
    ms: 2000,
  });
});

test("an SRV target of Microsoft's is asked without a prompt", async () => {
  const world = memoryWorld({
    zones: {
      "example.test": ["_autodiscover._tcp.example.test SRV 0 0 443 autodiscover.outlook.com"],
      "outlook.com": [`autodiscover.outlook.com A ${PROVIDER}`],
    },
    servers: { [PROVIDER]: { https: pox } },
  });
  expect(await thunderbird.discover(ALICE, world)).toMatchObject({
    prompts: [],
    ms: 0,
    outcome: "configured",
  });
});

test("the prompt for another domain does not come where a better place answers within two seconds", async () => {
  const world = worldOf({
    sub: { https: pox, latencyMs: 1500 },
    provider: { https: pox },
    records: [SRV_TO_PROVIDER],
  });
  const discovery = await thunderbird.discover(ALICE, world);
  expect(discovery).toMatchObject({ source: SUB_URL, prompts: [], ms: 1500 });
  expect(world.asked.some((line) => line.includes("pox.provider.test"))).toBe(false);
});

test("the prompt for another domain comes where the better place is slower than two seconds", async () => {
  const discovery = await discover({
    sub: { https: pox, latencyMs: 2500 },
    provider: { https: pox },
    records: [SRV_TO_PROVIDER],
  });
  expect(discovery).toMatchObject({ source: SUB_URL, prompts: [{ kind: "redirect" }], ms: 2500 });
});

test("of several SRV records the lightest is taken, whatever its priority and port", async () => {
  const world = worldOf({
    records: [
      "_autodiscover._tcp.example.test SRV 0 5 443 heavy.example.test",
      "_autodiscover._tcp.example.test SRV 9 1 8443 light.example.test",
    ],
  });
  await thunderbird.discover(ALICE, world);
  expect(world.asked).toContain(`POST https://light.example.test${POX_PATH}`);
  expect(world.asked.some((line) => line.includes("heavy."))).toBe(false);
});

test("an SRV target of a single dot is no host", async () => {
  const world = worldOf({ records: ["_autodiscover._tcp.example.test SRV 0 0 0 ."] });
  expect((await thunderbird.discover(ALICE, world)).outcome).toBe("manual");
});

test("a redirect over http whose GET fails is repeated as POST, after a prompt for another domain", async () => {
  const onlyPost: MemoryHandler = (method, path, request) =>
    method === "POST" ? pox(method, path, request) : { status: 405 };
  const discovery = await discover({
    sub: {
      tls: "none",
      http: () => ({ status: 302, headers: { location: `https://pox.provider.test${POX_PATH}` } }),
    },
    provider: { https: onlyPost },
  });
  expect(discovery).toMatchObject({
    outcome: "configured",
    source: `https://pox.provider.test${POX_PATH}`,
    prompts: [{ kind: "redirect" }],
  });
});

test("with the password given, a redirect between https hosts that fails as GET is repeated with it", async () => {
  const discovery = await discover({
    sub: { https: () => ({ status: 302, headers: { location: `https://pox.provider.test${POX_PATH}` } }) },
    provider: {
      https: (method, path, request) =>
        request.withPassword === true ? pox(method, path, request) : unauthorized,
    },
  });
  expect(cellOf(discovery)).toMatchObject({
    outcome: "configured",
    prompts: [`password https://pox.provider.test${POX_PATH}`],
    passwordSentTo: ["https://autodiscover.example.test", "https://pox.provider.test"],
  });
});

test("the password is asked for once, and the second run says where it went", async () => {
  const { steps } = await thunderbird.discover(ALICE, scenarioWorld("c-pox-auth"));
  const posts = steps.filter(({ target }) => target === `POST ${SUB_URL}`);
  expect(posts.map(({ effect }) => effect)).toEqual(["passed", "used"]);
});
