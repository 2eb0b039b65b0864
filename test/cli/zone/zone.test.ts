import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectGolden } from "../../dns/golden-file.ts";
import { fileFolder } from "../file-folder.ts";
import { runCommand } from "../run-command.ts";

const CHECKER = "/usr/bin/named-checkzone";
const WORKERS_DEV = ["--workers-dev-host", "mail-autodiscover.example.workers.dev"];
const MINIMAL = `domain: example.com
mailServer: { host: mail.example.com, addresses: [203.0.113.25, 2001:db8::25] }
`;
const DEEPER = `domain: dept.example.com
mailServer: { host: mail.example.com, addresses: [203.0.113.25, 2001:db8::25] }
`;
const OTHER = `domain: example.org
mailServer: { host: mail.example.com, addresses: [203.0.113.25, 2001:db8::25] }
`;

interface JsonZones {
  readonly version: number;
  readonly domains: readonly {
    readonly domain: string;
    readonly zone: string;
    readonly records: readonly Readonly<Record<string, unknown>>[];
  }[];
}

const folder = fileFolder("cli-zone-");
const { file } = folder;

async function zonesOf(argv: readonly string[]): Promise<JsonZones> {
  return JSON.parse((await runCommand(["zone", "--json", ...argv])).stdout) as JsonZones;
}

async function expectLoads(zone: string, text: string): Promise<void> {
  const path = await file(`${zone}.zone`, text);
  const checked = spawnSync(CHECKER, ["-k", "fail", "-n", "fail", zone, path], { encoding: "utf8" });
  expect(checked.stdout).toMatch(/\nOK\n$/);
  expect(checked.status).toBe(0);
}

test("a domain file becomes a BIND zone on stdout, and nothing else", async () => {
  const result = await runCommand(["zone", await file("minimal.yaml", MINIMAL), ...WORKERS_DEV]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  expectGolden(new URL("../golden/minimal.zone", import.meta.url), result.stdout);
});

test.skipIf(!existsSync(CHECKER))(
  "named-checkzone accepts the zone of one domain, and of two in one zone (skipped where it is not installed)",
  async () => {
    const files = [await file("apex.yaml", MINIMAL), await file("dept.yaml", DEEPER)];
    for (const given of [files.slice(0, 1), files]) {
      const { stdout } = await runCommand(["zone", ...given, "--zone", "example.com", ...WORKERS_DEV]);
      await expectLoads("example.com", stdout);
    }
  },
);

test("--json gives the values that the deployment writes, without a comment", async () => {
  const result = await runCommand(["zone", "--json", await file("json.yaml", MINIMAL), ...WORKERS_DEV]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  expect(result.stdout).not.toContain('"comment"');
  expectGolden(new URL("../golden/minimal.json", import.meta.url), result.stdout);
});

test("- reads the domain file from stdin and says the same", async () => {
  const path = await file("same.yaml", MINIMAL);
  const argv = ["--json", ...WORKERS_DEV];
  expect(await runCommand(["zone", "-", ...argv], { stdin: MINIMAL })).toEqual(
    await runCommand(["zone", path, ...argv]),
  );
});

test("each domain is in the closest of the zones that are named, else a zone of its own", async () => {
  const files = [
    await file("dept.yaml", DEEPER),
    await file("org.yaml", OTHER),
    await file("com.yaml", MINIMAL),
  ];
  const alone = await zonesOf([...files, ...WORKERS_DEV]);
  expect(alone.domains.map(({ domain, zone }) => [domain, zone])).toEqual([
    ["dept.example.com", "dept.example.com"],
    ["example.com", "example.com"],
    ["example.org", "example.org"],
  ]);
  const given = await zonesOf([...files, "--zone", "EXAMPLE.com.", "--zone", "example.org", ...WORKERS_DEV]);
  expect(given.domains.map(({ zone }) => zone)).toEqual(["example.com", "example.com", "example.org"]);
});

test("the addresses of a mail host that several domains share are printed once", async () => {
  const files = [await file("one.yaml", MINIMAL), await file("two.yaml", DEEPER)];
  const { domains } = await zonesOf([...files, "--zone", "example.com", ...WORKERS_DEV]);
  const addresses = domains.flatMap(({ domain, records }) =>
    records.filter(({ name }) => name === "mail.example.com").map(({ content }) => [domain, content]),
  );
  expect(addresses).toEqual([
    ["example.com", "203.0.113.25"],
    ["example.com", "2001:db8::25"],
  ]);
});

test("a domain outside the zones that are named is wrong usage", async () => {
  const path = await file("outside.yaml", OTHER);
  const { exitCode, stdout, stderr } = await runCommand(["zone", path, "--zone", "example.com"]);
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("example.org: not in the zone example.com");
});

test("what a reviewer should know goes to stderr", async () => {
  const { exitCode, stdout, stderr } = await runCommand(["zone", await file("notice.yaml", MINIMAL)]);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^warning: example\.com: _autodiscover\._tcp .+\n$/);
  expect(stdout).not.toContain("warning:");
  expect(stdout).not.toContain("_autodiscover._tcp");
});

test("bad files fail with every problem of every file, and print no zone", async () => {
  const files = [
    await file("a.yaml", "domain: example.com\nmailServer: { hots: mail.example.com }\n"),
    await file("b.yaml", "domain: [\n"),
    await file("c.yaml", MINIMAL),
  ];
  const { exitCode, stdout, stderr } = await runCommand(["zone", ...files]);
  expect(exitCode).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain('the nearest is "host"');
  expect(stderr).toMatch(/b\.yaml: .*is not YAML/);
  expect(stderr).not.toContain("c.yaml");
});

test("files that cannot be read are wrong usage, all named at once", async () => {
  const paths = ["a.yaml", "b.yaml"].map((name) => join(folder.path, "nowhere", name));
  const { exitCode, stderr } = await runCommand(["zone", ...paths]);
  expect(exitCode).toBe(2);
  for (const path of paths) expect(stderr).toContain(path);
});
