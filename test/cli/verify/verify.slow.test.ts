import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { CliIo } from "../../../src/cli/cli-io.ts";
import { runCli } from "../../../src/cli/run-cli.ts";
import type { ReportJson } from "../../../src/doctor/render-report-json.ts";
import { MECHANISM_SCENARIOS } from "../../scenarios/mechanism-scenarios.ts";
import {
  openScenarioCertificates,
  type ScenarioCertificates,
} from "../../scenarios/scenario-certificates.ts";
import { RESPONDER } from "../../scenarios/scenario.ts";
import { startScenario, type RunningScenario } from "../../scenarios/start-scenario.ts";
import { ReportSchema } from "../../doctor/report/report-schema.ts";
import { runCommand } from "../run-command.ts";

/** The scenarios' name server knows the mail host at this address. */
const DOMAIN_FILE = `domain: example.test
mailServer: { host: box.example.test, addresses: [127.0.113.25] }
mx: [{ host: box.example.test }]
`;

let folder: string;
let certificates: ScenarioCertificates;
let running: RunningScenario;
/** What the responder does instead of answering; undefined lets it. */
let fault: (() => { readonly status: number }) | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-"));
  await writeFile(join(folder, "example.test.yaml"), DOMAIN_FILE);
  certificates = await openScenarioCertificates();
  const plan = MECHANISM_SCENARIOS.find(({ title }) => title === "our plan");
  const server = plan?.world.servers?.[RESPONDER];
  const { https, http } = server ?? {};
  const faulty: typeof https = (...asked) => fault?.() ?? https?.(...asked);
  running = await startScenario(
    {
      zones: plan?.world.zones ?? {},
      servers: {
        ...plan?.world.servers,
        [RESPONDER]: { ...server, https: faulty, ...(http ? { http } : {}) },
      },
    },
    certificates,
  );
});
afterAll(async () => {
  await running.close();
  await certificates.close();
  await rm(folder, { recursive: true });
});

function inThisWorld(...argv: readonly string[]): readonly string[] {
  const { resolver, authoritative, caFile, connectTo } = running;
  const network = ["--resolver", resolver, "--authoritative", authoritative, "--ca-file", caFile];
  const rules = connectTo.flatMap((rule) => ["--connect-to", rule]);
  return ["verify", ...argv, ...network, "--allow-private", ...rules];
}

function verify(...argv: readonly string[]): ReturnType<typeof runCommand> {
  return runCommand(inThisWorld(...argv));
}

async function verifyJson(...argv: readonly string[]): Promise<ReportJson["domains"]> {
  const { stdout } = await verify(...argv, "--json");
  return (JSON.parse(stdout) as ReportJson).domains;
}

describe("a domain that is as it should be", () => {
  test("needs no file: each client sets itself up, and the JSON has its documented form", async () => {
    const { exitCode, stdout, stderr } = await verify("example.test", "--json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const json = JSON.parse(stdout) as ReportJson;
    expect(ReportSchema.safeParse(json).error).toBeUndefined();
    const clients = json.domains[0]?.clients ?? [];
    expect(clients.length).toBeGreaterThanOrEqual(15);
    for (const client of clients.filter((each) => each.client !== "outlook-cloud"))
      expect(client).toMatchObject({ outcome: "configured", incoming: { host: "box.example.test" } });
    expect(json.domains[0]?.findings.filter(({ status }) => !["pass", "warn"].includes(status))).toEqual([]);
  });

  test("passes beside its file, named alone or with its folder, once", async () => {
    const { exitCode, stdout } = await verify(
      "example.test",
      join(folder, "example.test.yaml"),
      `${folder}/`,
    );
    expect(exitCode).toBe(0);
    expect(stdout.match(/^\S+ +example\.test +\d/gm)).toHaveLength(1);
  });

  test("fails with --fail-on warn where something warns", async () => {
    expect((await verify("example.test", "--fail-on", "warn")).exitCode).toBe(1);
  });

  test("is set up for the mailbox that is named, else for postmaster", async () => {
    const [named] = await verifyJson("example.test", "--client", "kmail", "--address", "alice@example.test");
    expect(named?.clients[0]?.username).toBe("alice@example.test");
    const [unnamed] = await verifyJson("example.test", "--client", "kmail");
    expect(unnamed?.clients[0]?.username).toBe("postmaster@example.test");
  });

  test("only the clients that are named are replayed; a domain behind them is still one", async () => {
    const [domain] = await verifyJson("--client", "K-9", "Delta-Chat", "example.test");
    expect(domain?.clients.map(({ client }) => client)).toEqual(["thunderbird-android", "deltachat"]);
  });
});

describe("a domain that is not as its file says", () => {
  test("fails: exit 1, the reason in each form", async () => {
    const file = join(folder, "other.yaml");
    await writeFile(file, DOMAIN_FILE.replaceAll("box.example.test", "post.example.test"));
    const junit = join(folder, "report.xml");
    const markdown = join(folder, "report.md");
    const result = await verify(file, `--junit=${junit}`, `--markdown=${markdown}`);
    expect(result).toMatchObject({ exitCode: 1, stderr: "" });
    expect(result.stdout).toMatch(/^FAIL {2}example\.test/);
    expect(await readFile(junit, "utf8")).toMatch(/<failure [^>]*message="/);
    expect(await readFile(markdown, "utf8")).toContain("<details open><summary>FAIL <b>example.test</b>");
  });

  test("a report that cannot be written is wrong usage", async () => {
    const { exitCode, stderr } = await verify(
      "example.test",
      "--client",
      "pacc",
      `--junit=${folder}/a/b.xml`,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain("cannot be written");
  });
});

test("where nothing can be looked at nothing failed, whatever the clients: exit 3", async () => {
  const nowhere = ["--resolver", "127.0.0.1:1", "--authoritative", "127.0.0.1:1"];
  const { exitCode, stdout } = await runCommand(["verify", "example.test", ...nowhere, "--json"]);
  const [domain] = (JSON.parse(stdout) as ReportJson).domains;
  // The one that ends so in any world.
  const others = domain?.clients.filter(({ client }) => client !== "outlook-cloud") ?? [];
  expect(new Set(others.map(({ outcome }) => outcome))).toEqual(new Set(["unknown"]));
  expect(domain?.findings.filter(({ status }) => status !== "unknown")).toEqual([]);
  expect(exitCode).toBe(3);
});

test("a resolver over HTTPS alone serves every question, with the roots of the closed network", async () => {
  const { certPem: cert, keyPem: key } = await certificates.of("trusted", ["localhost"]);
  const [host = "", port = ""] = running.resolver.split(":");
  let asked = 0;
  const server = createServer({ cert, key }, (request, response) => {
    asked += 1;
    const socket = createSocket("udp4");
    socket.once("message", (reply) => {
      socket.close();
      response.writeHead(200, { "content-type": "application/dns-message" }).end(reply);
    });
    void buffer(request).then((query) => socket.send(query, Number(port), host));
  });
  onTestFinished(() => void server.close());
  server.listen(0, "localhost");
  await once(server, "listening");
  const { caFile, connectTo } = running;
  const network = ["--ca-file", caFile, "--allow-private", "--doh"].concat(
    `https://localhost:${(server.address() as AddressInfo).port}/dns-query`,
    // A host is the same in capitals.
    connectTo.flatMap((rule) => ["--connect-to", rule.toUpperCase()]),
  );
  const { stdout } = await runCommand(["verify", "example.test", "--json", ...network]);
  const [domain] = (JSON.parse(stdout) as ReportJson).domains;
  expect(domain?.clients.find(({ client }) => client === "evolution")?.outcome).toBe("configured");
  expect(domain?.findings.find(({ code }) => code === "dnssec")).toMatchObject({ status: "pass" });
  expect(asked).toBeGreaterThan(20);
});

test("addresses that are not public are not connected to unless allowed", async () => {
  const argv = [
    "verify",
    "example.test",
    "--resolver",
    running.resolver,
    "--client",
    "thunderbird",
    "--json",
  ];
  const { stdout } = await runCommand(argv);
  const [domain] = (JSON.parse(stdout) as ReportJson).domains;
  // Inside its network the client may find it: nobody looked.
  expect(domain?.clients[0]).toMatchObject({ outcome: "unknown" });
  expect(JSON.stringify(domain?.findings)).toContain("no public address");
});

describe("many domains", () => {
  const others = ["a.test", "b.test", "c.test"];

  test("have one report, worst first, and a line for each at its end", async () => {
    const { exitCode, stdout } = await verify(...others, "example.test", "--client", "thunderbird");
    const summary = stdout.slice(stdout.indexOf("4 domains"));
    for (const domain of [...others, "example.test"]) expect(summary).toContain(domain);
    expect(exitCode).toBe(stdout.startsWith("FAIL") ? 1 : 0);
  });

  test("show a bar at a terminal, on stderr alone, and nothing of it elsewhere", async () => {
    const argv = inThisWorld(...others, "--client", "rfc6186", "--json");
    const atTerminal = await runCommand(argv, { isTerminal: true });
    expect(stripVTControlCharacters(atTerminal.stderr)).toMatch(/3\/3 [abc]\.test/);
    expect(() => JSON.parse(atTerminal.stdout) as unknown).not.toThrow();
    expect((await runCommand(argv)).stderr).toBe("");
  });
});

test("--wait looks again until everything is right, and says what it waits for", async () => {
  fault = () => ({ status: 503 });
  const waited: string[] = [];
  const out: string[] = [];
  const io: CliIo = {
    stdin: Readable.from([]),
    stdout: { write: (text) => out.push(text) },
    stderr: {
      write: (text) => {
        waited.push(text);
        fault = undefined;
      },
    },
    env: {},
    isTerminal: { stdin: false, stdout: false, stderr: false },
    exitCode: 0,
  };
  const file = join(folder, "example.test.yaml");
  try {
    expect(await runCli(inThisWorld(file, "--wait", "2m", "--client", "thunderbird"), io)).toBe(0);
  } finally {
    fault = undefined;
  }
  expect(waited).toEqual([
    expect.stringMatching(/^waiting 5 s of at most \d+ s for example\.test \(\d+ failed/),
  ]);
  expect(out.join("")).toMatch(/^(?:ok|warn) +example\.test/);
});

test("a check that throws is told as a defect of ours, and the rest is reported", async () => {
  vi.resetModules();
  vi.doMock("../../../src/doctor/checks/checks.ts", () => ({
    CHECKS: [{ name: "odd", run: () => Promise.reject(new TypeError("x is not a function")) }],
  }));
  try {
    const fresh = await import("../run-command.ts");
    const argv = inThisWorld("example.test", "--client", "thunderbird", "--json");
    const { exitCode, stdout } = await fresh.runCommand(argv);
    const [domain] = (JSON.parse(stdout) as ReportJson).domains;
    expect(domain?.clients[0]?.outcome).toBe("configured");
    expect(domain?.findings).toMatchObject([
      { code: "internal", status: "unknown", observed: "a defect of mail-autodiscover: x is not a function" },
    ]);
    expect(exitCode).toBe(0);
  } finally {
    vi.doUnmock("../../../src/doctor/checks/checks.ts");
  }
});
