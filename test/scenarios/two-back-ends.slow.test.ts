/** A scenario is data with two back-ends. Whatever is said of clients in memory holds of servers only where both agree. */
import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoWorld } from "../../src/clients/world/memo-world.ts";
import type {
  MailPortQuestion,
  MailPortView,
  Resolution,
  World,
  WorldRequest,
  WorldResponse,
} from "../../src/clients/world/world.ts";
import { memoryWorld } from "../clients/memory-world.ts";
import { AUTOCONFIG_PATH, POX_PATH, WELL_KNOWN_PATH } from "../clients/scenarios/documents.ts";
import { poxRequest } from "../responder/memory-responder.ts";
import { SCENARIO_GROUPS } from "./all-scenarios.ts";
import { ALICE } from "../clients/scenarios/scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { openScenarioCertificates, type ScenarioCertificates } from "./scenario-certificates.ts";
import { startScenario } from "./start-scenario.ts";

/** Between them these have every behaviour of a server; the clients compare both back-ends in all scenarios. */
const SCENARIOS = ["wildcards", "web", "mail"].flatMap((group) => SCENARIO_GROUPS[group] ?? []);

const HOSTS = ["example.test", "autoconfig.example.test", "autodiscover.example.test", "imap.example.test"];
const REQUESTS: readonly WorldRequest[] = HOSTS.slice(0, 3).flatMap((host) => [
  { method: "GET", url: `https://${host}${AUTOCONFIG_PATH}?emailaddress=alice%40example.test` },
  { method: "GET", url: `http://${host}${WELL_KNOWN_PATH}` },
  { method: "GET", url: `https://${host}${POX_PATH}` },
  {
    method: "POST",
    url: `https://${host}${POX_PATH}`,
    headers: { "content-type": "text/xml; charset=utf-8" },
    body: poxRequest(ALICE.address),
  },
  { method: "POST", url: `http://${host}${POX_PATH}` },
  { method: "PROPFIND", url: `https://${host}/.well-known/caldav` },
]);
const PORTS: readonly MailPortQuestion[] = ["imap.example.test", "box.example.test"].flatMap(
  (host): MailPortQuestion[] => [
    { protocol: "imap", host, port: 993, tls: "implicit" },
    { protocol: "imap", host, port: 143, tls: "starttls" },
    { protocol: "pop3", host, port: 995, tls: "implicit" },
    { protocol: "submission", host, port: 465, tls: "implicit" },
    { protocol: "submission", host, port: 587, tls: "starttls" },
  ],
);

let certificates: ScenarioCertificates;
const live = new Map<string, Seen>();

interface Seen {
  readonly names: readonly unknown[];
  readonly requests: readonly unknown[];
  readonly ports: readonly unknown[];
}

beforeAll(async () => {
  certificates = await openScenarioCertificates();
  await pMap(SCENARIOS, async (scenario) => live.set(scenario.title, await look(scenario)), {
    concurrency: 4,
  });
});
afterAll(() => certificates.close());

async function look({ world }: Scenario): Promise<Seen> {
  const running = await startScenario(world, certificates);
  try {
    return await ask(running.world);
  } finally {
    await running.close();
  }
}

async function ask(world: World): Promise<Seen> {
  const { resolve, request, probe } = memoWorld(world);
  return {
    names: await Promise.all([
      ...HOSTS.map(async (host) => nameView(await resolve(host, "A"))),
      nameView(await resolve("_imaps._tcp.example.test", "SRV")),
      nameView(await resolve("_ua-auto-config.example.test", "TXT")),
      nameView(await resolve("example.test", "MX")),
    ]),
    requests: await Promise.all(
      REQUESTS.map(async (asked) => [asked.method, asked.url, responseView(await request(asked))]),
    ),
    ports: await Promise.all(
      PORTS.map(async (asked) => [asked.host, asked.port, portView(await probe(asked))]),
    ),
  };
}

/** An address on loopback stands for another one. */
function nameView(answer: Resolution): unknown {
  if (answer.state !== "found") return answer.state;
  return answer.data.map((data) => data.replace(/^\d+\.(\d+\.\d+\.\d+)$/, "*.$1"));
}

function responseView(answer: WorldResponse): unknown {
  if (answer.state === "failed") return answer.kind;
  const { status, headers, body, tlsError } = answer;
  return [status, headers["content-type"], headers["location"], body, tlsError];
}

function portView(view: MailPortView): unknown {
  return view.outcome === "answered" ? [view.authorized, view.authorizationError] : view.outcome;
}

describe("real servers answer as the data of their scenario says", () => {
  test.for(SCENARIOS)("$title", async ({ title, world }) => {
    expect(live.get(title)).toEqual(await ask(memoryWorld(world)));
  });
});
