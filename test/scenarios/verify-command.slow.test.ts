/** The command line against real servers: what it prints as JSON is what the tables of outcomes say, and what it exits with. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openAuthoritativeView } from "../../src/adapters/resolver/authoritative-view.ts";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { checkAuthoritativeServers } from "../../src/doctor/checks/names/authoritative-servers.ts";
import type { ReportJson } from "../../src/doctor/render-report-json.ts";
import { runCommand } from "../cli/run-command.ts";
import { SCENARIO_GROUPS } from "./all-scenarios.ts";
import { SPLIT_SCENARIOS } from "./mail-scenarios.ts";
import { renderOutcomes } from "./outcome-table.ts";
import { ALICE } from "../clients/scenarios/scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { openScenarioCertificates, type ScenarioCertificates } from "./scenario-certificates.ts";
import { startScenario, type RunningScenario } from "./start-scenario.ts";

type DomainJson = ReportJson["domains"][number];

const FILE = `domain: example.test
mailServer: { host: box.example.test }
mx: [{ host: box.example.test }]
`;

/** Everything answers at once; the machine may be busy. */
const PATIENT = ["--timeout", "30s"];

let certificates: ScenarioCertificates;

beforeAll(async () => {
  certificates = await openScenarioCertificates();
});
afterAll(() => certificates.close());

async function start({ world }: Scenario): Promise<RunningScenario> {
  const running = await startScenario(world, certificates);
  onTestFinished(() => running.close());
  return running;
}

interface Verified {
  readonly exitCode: number;
  readonly domain: DomainJson;
}

/** Verifies the domain of a scenario, or a file of it from the standard input. */
async function verify(
  group: string,
  title: string,
  { stdin, args = PATIENT }: { readonly stdin?: string; readonly args?: readonly string[] } = {},
): Promise<Verified> {
  const scenario = SCENARIO_GROUPS[group]?.find((one) => one.title === title);
  if (scenario === undefined) throw new RangeError(`There is no scenario ${title}.`);
  const { resolver, authoritative, caFile, connectTo } = await start(scenario);
  const options = {
    "--resolver": resolver,
    "--authoritative": authoritative,
    "--ca-file": caFile,
    "--address": ALICE.address,
  };
  const { exitCode, stdout } = await runCommand(
    [
      "verify",
      stdin === undefined ? "example.test" : "-",
      "--json",
      "--allow-private",
      ...Object.entries(options).flat(),
      ...connectTo.flatMap((rule) => ["--connect-to", rule]),
      ...args,
    ],
    stdin === undefined ? {} : { stdin },
  );
  const { version, domains } = JSON.parse(stdout) as ReportJson;
  const [domain] = domains;
  expect(version).toBe(1);
  if (domain === undefined) throw new RangeError("The report has no domain.");
  return { exitCode, domain };
}

/** JSON has no undefined. */
function outcomesOf(title: string, { clients }: DomainJson): string {
  const results = clients.map((client) =>
    Object.fromEntries(Object.entries(client).map(([key, value]) => [key, value ?? undefined])),
  );
  return renderOutcomes(title, results as unknown as readonly Discovery[]).trimEnd();
}

function table(group: string, title: string): string {
  const text = readFileSync(new URL(`./golden/${group}.txt`, import.meta.url), "utf8");
  return (
    text
      .split(/\n\n/)
      .find((section) => section.startsWith(`# ${title}\n`))
      ?.trimEnd() ?? ""
  );
}

function failed({ findings }: DomainJson): readonly string[] {
  return findings.flatMap(({ status, code, subject }) => (status === "fail" ? [`${code} ${subject}`] : []));
}

describe("verify --json", () => {
  test("a domain as our plan makes it: nothing fails, and every client as in the table", async () => {
    const { exitCode, domain } = await verify("mechanisms", "our plan");
    expect([exitCode, failed(domain)]).toEqual([0, []]);
    expect(outcomesOf("our plan", domain)).toBe(table("mechanisms", "our plan"));
  });

  test("the same domain held to its file: nothing fails", async () => {
    const { exitCode, domain } = await verify("mechanisms", "our plan", { stdin: FILE });
    expect([exitCode, failed(domain)]).toEqual([0, []]);
    expect(domain.findings.filter(({ status }) => status === "pass").length).toBeGreaterThan(20);
  });

  test("an expired certificate fails at every mail port that the domain announces", async () => {
    const { exitCode, domain } = await verify("mail", "our plan, expired certificate on mail ports");
    expect(exitCode).toBe(1);
    expect(failed(domain)).toEqual([
      "mail-port imap box.example.test:993 implicit",
      "mail-port submission box.example.test:465 implicit",
      "mail-port submission box.example.test:587 starttls",
    ]);
  });

  test("a wildcard to a host that answers 401: the password that clients give away fails", async () => {
    const title = "wildcard to 401 for everything";
    const { exitCode, domain } = await verify("wildcards", title);
    expect(exitCode).toBe(1);
    expect(failed(domain)).toEqual(
      expect.arrayContaining([
        "password-request https://autodiscover.example.test",
        "password-request https://example.test",
      ]),
    );
    expect(outcomesOf(title, domain)).toBe(table("wildcards", title));
  });

  test("a black hole is unknown, never missing and never a failure", async () => {
    const { exitCode, domain } = await verify("wildcards", "wildcard to a black hole", {
      args: ["--timeout", "500ms", "--client", "outlook", "kmail"],
    });
    expect([exitCode, failed(domain)]).toEqual([0, []]);
    expect(domain.clients.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown"]);
    const silent = domain.findings.filter(({ subject }) => subject.includes(" https://autoconfig."));
    expect(new Set(silent.map(({ status }) => status))).toEqual(new Set(["unknown"]));
  });
});

test("a zone whose servers do not tell the same fails, with both answers", async () => {
  const views = await Promise.all(
    SPLIT_SCENARIOS.map(async (scenario) => {
      const { authoritative, world } = await start(scenario);
      return openAuthoritativeView(world.resolve, { authoritative });
    }),
  );
  const findings = await checkAuthoritativeServers.run({
    domain: ALICE.domain,
    spec: undefined,
    zone: ALICE.domain,
    mailbox: ALICE,
    world: (await start(SPLIT_SCENARIOS[0])).world,
    authoritative: {
      ask: async (...question) => (await Promise.all(views.map((view) => view.ask(...question)))).flat(),
    },
    discoveries: [],
    now: new Date(),
    options: {},
  });
  expect(findings.filter(({ status }) => status === "fail")).toEqual([
    expect.objectContaining({
      subject: "_imaps._tcp.example.test SRV",
      observed: expect.stringMatching(
        /0 1 993 box\.example\.test.*0 1 993 former\.example\.test|0 1 993 former\.example\.test.*0 1 993 box\.example\.test/,
      ),
    }),
  ]);
});
