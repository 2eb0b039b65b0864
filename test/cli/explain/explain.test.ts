import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { CLIENT_NAMES } from "../../../src/clients/ladder/discovery.ts";
import { expectGolden } from "../../dns/golden-file.ts";
import { DiscoverySchema } from "../../doctor/report/report-schema.ts";
import { runApi, TOKEN } from "../../infra/sandbox/cloudflare-api/run-api.ts";
import { fileFolder } from "../file-folder.ts";
import { runCommand, type CommandResult } from "../run-command.ts";

const MINIMAL = `domain: example.com
mailServer: { host: mail.example.com, addresses: [203.0.113.25] }
`;
const WORKERS_DEV = ["--workers-dev-host", "mail-autodiscover.example.workers.dev"];
const WILDCARD = { type: "A", name: "*", content: "192.0.2.80", ttl: 1, proxied: false };
const ZONE = JSON.stringify([
  {
    zone: "example.com",
    records: [WILDCARD, { type: "MX", name: "@", content: "mail.example.com", priority: 10 }],
  },
]);

const files = fileFolder("cli-explain-");
const { file } = files;

async function explain(argv: readonly string[], zone: string = ZONE): Promise<CommandResult> {
  const input = [await file("example.com.yaml", MINIMAL), "--zone", await file("zone.json", zone)];
  return runCommand(["explain", ...input, ...WORKERS_DEV, ...argv]);
}

const risks = z.array(z.strictObject({ origin: z.url(), leadsTo: z.string() }));
/** As `explain --help` documents it. */
const SCHEMA = z.strictObject({
  version: z.literal(1),
  domains: z.array(
    z.strictObject({
      domain: z.string(),
      address: z.string(),
      problems: z.array(
        z.strictObject({ code: z.string(), subject: z.string(), message: z.string(), remedy: z.string() }),
      ),
      clients: z.array(
        z.strictObject({
          client: z.enum(CLIENT_NAMES),
          verdict: z.enum(["better", "worse", "changed", "same", "unknown"]),
          worsenings: z.array(
            z.strictObject({
              code: z.enum(["outcome", "password", "risk", "prompt", "plain", "pop3", "other-servers"]),
              message: z.string(),
            }),
          ),
          passwordRisks: z.strictObject({ before: risks, after: risks }),
          before: DiscoverySchema.nullable(),
          after: DiscoverySchema,
        }),
      ),
    }),
  ),
});

describe("explain", () => {
  test("says of each client what it finds today and after the change, those that do the same together", async () => {
    const result = await explain([]);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expectGolden(new URL("../golden/explain.txt", import.meta.url), result.stdout);
  });

  test("--steps lists every step of the clients that are named", async () => {
    const { stdout } = await explain(["--steps", "--client", "k-9", "Delta Chat"]);
    expectGolden(new URL("../golden/explain-steps.txt", import.meta.url), stdout);
  });

  test("--markdown is a table for a pull request, with the steps folded away", async () => {
    const { stdout } = await explain(["--markdown", "--client", "outlook", "pacc"]);
    expectGolden(new URL("../golden/explain.md", import.meta.url), stdout);
    expect(stdout).not.toMatch(/[^-!]@[a-z]/);
  });

  test("--json keeps its documented shape", async () => {
    const { stdout, exitCode } = await explain(["--json", "--address", "bob@example.org"]);
    expect(exitCode).toBe(0);
    const [domain] = SCHEMA.parse(JSON.parse(stdout)).domains;
    expect(domain).toMatchObject({ domain: "example.com", address: "bob@example.com" });
    expect(domain?.clients.map(({ client }) => client)).toEqual([...CLIENT_NAMES]);
    expect(domain?.clients.find(({ client }) => client === "outlook")?.passwordRisks).toEqual({
      before: [{ origin: "https://autodiscover.example.com", leadsTo: "192.0.2.80" }],
      after: [],
    });
  });

  test("a terminal gets colours, a pipe none", async () => {
    const path = await file("example.com.yaml", MINIMAL);
    const { stdout } = await runCommand(["explain", path], { isTerminal: true });
    expect(stdout).toContain("\u001B[32m✓");
    expect((await runCommand(["explain", path])).stdout).not.toContain("\u001B");
  });
});

describe("the zones", () => {
  test("without --zone are taken for empty, and only the time after the change is told", async () => {
    const path = await file("example.com.yaml", MINIMAL);
    const { stdout, exitCode } = await runCommand(["explain", path, ...WORKERS_DEV, "--json"]);
    expect(exitCode).toBe(0);
    const [domain] = SCHEMA.parse(JSON.parse(stdout)).domains;
    expect(domain?.clients.every(({ before, verdict }) => before === null && verdict === "unknown")).toBe(
      true,
    );
    const { stdout: text } = await runCommand(["explain", path, ...WORKERS_DEV]);
    expect(text).not.toContain("today");
  });

  test("that nobody read may hold the hosts that a file names: clients rest on them", async () => {
    const path = await file(
      "example.com.yaml",
      "domain: example.com\nmailServer: { host: box.example.com }\n",
    );
    const argv = ["explain", path, ...WORKERS_DEV, "--json", "--client", "thunderbird"];
    const after = async (more: readonly string[]): Promise<unknown> => {
      const { stdout } = await runCommand([...argv, ...more]);
      return SCHEMA.parse(JSON.parse(stdout)).domains[0]?.clients[0]?.after;
    };
    expect(await after([])).toMatchObject({
      outcome: "configured",
      assumptions: ["box.example.com:993 answers imap", "box.example.com:465 answers submission"],
    });
    // A zone that was read and does not hold it says so.
    expect(await after(["--zone", await file("zone.json", ZONE.replace('"*"', '"www"'))])).toMatchObject({
      outcome: "failed",
    });
  });

  test("that somebody else's records bar are said, and stay as they are after the change", async () => {
    const theirs = { type: "CNAME", name: "autoconfig", content: "old.example.net" };
    const zone = JSON.stringify([{ zone: "example.com", records: [theirs] }]);
    const { stdout, stderr, exitCode } = await explain(["--json", "--client", "deltachat"], zone);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'warning: 1 problem stands against the plan; "after" leaves these records as they are.',
    );
    expect(stderr).toContain("autoconfig.example.com/CNAME");
    const [domain] = SCHEMA.parse(JSON.parse(stdout)).domains;
    expect(domain?.problems).toHaveLength(1);
    expect(domain?.clients[0]?.after.steps[0]?.answer).toContain("not known");
  });

  test("live are read from Cloudflare with a token that can only read, and nothing is changed", async () => {
    await using api = await runApi({
      preload: [{ zone: "example.com", records: [WILDCARD] }],
      tokenScopes: { dnsEdit: false },
    });
    const path = await file("example.com.yaml", MINIMAL);
    const before = api.api.store.version;
    const env = { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_BASE_URL: api.api.url };
    const result = await runCommand(["explain", path, "--zone", "live", "--json"], { env });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    const [domain] = SCHEMA.parse(JSON.parse(result.stdout)).domains;
    expect(domain?.clients.find(({ client }) => client === "thunderbird")).toMatchObject({
      verdict: "better",
      before: { outcome: "unknown" },
      after: { outcome: "configured" },
    });
    expect(api.api.store.version).toBe(before);
  });

  test("live need a token", async () => {
    const path = await file("example.com.yaml", MINIMAL);
    const { exitCode, stderr } = await runCommand(["explain", path, "--zone", "live"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("CLOUDFLARE_API_TOKEN");
  });

  test("hold records of one stack; of several, the command line says which is meant", async () => {
    const comment = (owner: string): string => `mail-autodiscover ${owner} 00000000`;
    const zone = JSON.stringify([
      {
        zone: "example.com",
        records: [
          { type: "A", name: "a", content: "192.0.2.1", comment: comment("mail/prod") },
          { type: "A", name: "b", content: "192.0.2.1", comment: comment("mail/test") },
        ],
      },
    ]);
    const refused = await explain([], zone);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("Add --stack with one of: mail/prod, mail/test.");
    expect(await explain(["--stack", "mail/prod"], zone)).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ["no JSON", "[{", "Write [{"],
    [
      "a zone that stands there twice",
      '[{ "zone": "example.com", "records": [] }, { "zone": "Example.com", "records": [] }]',
      "1.zone: Example.com stands there twice",
    ],
    [
      "a record that says nothing",
      '[{ "zone": "example.com", "records": [{ "type": "A", "name": "www" }] }]',
      "0.records.0: has neither content nor data",
    ],
    ["no zone of the domain", '[{ "zone": "example.net", "records": [] }]', "no zone holds example.com"],
  ])("in a file with %s are wrong usage", async (_title, text, said) => {
    const { exitCode, stdout, stderr } = await explain([], text);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(said);
  });
});

describe("the files", () => {
  test("of a folder are explained, each once, also where one is named beside it", async () => {
    const folder = await mkdtemp(join(files.path, "domains-"));
    await writeFile(join(folder, "example.com.yaml"), MINIMAL);
    await writeFile(
      join(folder, "sub.yaml"),
      MINIMAL.replace("domain: example.com", "domain: sub.example.com"),
    );
    const zone = await file("zone.json", ZONE);
    const argv = [
      "explain",
      folder,
      join(folder, ".", "sub.yaml"),
      "--zone",
      zone,
      "--json",
      "--client",
      "pacc",
    ];
    const { stdout, exitCode } = await runCommand(argv);
    expect(exitCode).toBe(0);
    expect(SCHEMA.parse(JSON.parse(stdout)).domains.map(({ domain }) => domain)).toEqual([
      "example.com",
      "sub.example.com",
    ]);
  });

  test("that are not there, and a folder without one, are wrong usage", async () => {
    const folder = await mkdtemp(join(files.path, "empty-"));
    const empty = await runCommand(["explain", folder]);
    expect([empty.exitCode, empty.stderr]).toEqual([
      2,
      expect.stringContaining("There is no domain file in"),
    ]);
    const missing = await runCommand(["explain", join(folder, "a.yaml"), join(folder, "b.yaml")]);
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringMatching(/a\.yaml.*b\.yaml/)]);
  });
});

test("two forms at once, and a client that there is not, are wrong usage", async () => {
  expect((await explain(["--json", "--markdown"])).exitCode).toBe(2);
  const { exitCode, stderr } = await explain(["--client", "thunderbrid"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Did you mean thunderbird?");
});
