import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { pulumiVersion } from "../../../infra/sandbox/program/deploy-with-pulumi.ts";
import { changesOf, readStore, runSandbox, temporaryFolder } from "./run-sandbox.ts";

const EXAMPLE = "domain: example.test\nmailServer: { host: mail.example.test, addresses: [203.0.113.25] }\n";
const DEPARTMENT = `domain: dept.example.test
mailServer: { host: mail.example.test, addresses: [203.0.113.25], pop3: { tls: implicit } }
username: localPart
`;

async function domainsIn(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, "domains");
  await mkdir(path, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(path, name), text)));
  return path;
}

const pulumi = await pulumiVersion();
if (pulumi === undefined)
  console.log("skipped: the tests of the real engine, as there is no pulumi on the PATH");

describe.each([
  { engine: "local", isHere: true },
  { engine: "pulumi", isHere: pulumi !== undefined },
])("npm run sandbox with the engine $engine", ({ engine, isHere }) => {
  const run = (state: string, domains: string): ReturnType<typeof runSandbox> =>
    runSandbox([
      "--once",
      "--engine",
      engine,
      "--state",
      state,
      "--domains",
      domains,
      "--address",
      "127.0.0.1",
    ]);

  test.skipIf(!isHere)(
    "ends 0 with every check passed, and a second and third run change nothing",
    async () => {
      await using folder = await temporaryFolder();
      const domains = await domainsIn(folder.path, { "example.yaml": EXAMPLE });
      const state = join(folder.path, "state");
      const first = await run(state, domains);
      expect(first.output).not.toMatch(/^(FAIL|\?)/m);
      expect(first.code).toBe(0);
      const stored = await readStore(state);

      for (const _time of ["second", "third"]) {
        const again = await run(state, domains);
        expect(again.code).toBe(0);
        expect(changesOf(again)).toMatch(/^0 created, 0 updated, 0 replaced, 0 deleted, [1-9]\d* unchanged$/);
        expect(again.output).toContain("0 ACME orders");
      }
      expect(await readStore(state)).toBe(stored);
    },
  );

  test.skipIf(!isHere)(
    "two domains of one zone share a mail host; a removed file takes its own things with it",
    async () => {
      await using folder = await temporaryFolder();
      const domains = await domainsIn(folder.path, { "example.yaml": EXAMPLE, "dept.yaml": DEPARTMENT });
      const state = join(folder.path, "state");
      const both = await run(state, domains);
      expect(both.output).not.toMatch(/^FAIL/m);
      expect(both.code).toBe(0);
      expect(await readStore(state)).toContain("dept.example.test");

      await rm(join(domains, "dept.yaml"));
      const one = await run(state, domains);
      expect(one.code).toBe(0);
      expect(changesOf(one)).toMatch(/^0 created, 0 updated, 0 replaced, [1-9]\d* deleted/);
      expect(await readStore(state)).not.toContain("dept.example.test");
    },
  );

  test.skipIf(!isHere)("a changed file changes only what depends on it", async () => {
    await using folder = await temporaryFolder();
    const domains = await domainsIn(folder.path, { "example.yaml": EXAMPLE });
    const state = join(folder.path, "state");
    await run(state, domains);
    await writeFile(join(domains, "example.yaml"), `${EXAMPLE}displayName: Example Mail\n`);
    const changed = await run(state, domains);
    expect(changed.code).toBe(0);
    // The KV entry and the signed profile; the digest of the new PACC document stands beside the former one.
    expect(changesOf(changed)).toMatch(/^1 created, 2 updated, 0 replaced, 0 deleted/);
    expect(changed.output).toContain("0 ACME orders");
  });
});

/** Everything that a file can ask for, and a domain below it that shares its mail server. */
const RICH = `
domain: example.test
displayName: Example & Söhne
mailServer:
  host: mail.example.test
  addresses: [203.0.113.25, 2001:db8::25]
  pop3: { tls: implicit }
  sieve: true
mx: [{ host: mail.example.test }]
spf: v=spf1 mx -all
dkim: [{ selector: s1, cname: s1.example.net }]
dmarc: v=DMARC1; p=quarantine; rua=mailto:dmarc@example.test
mtaSts: { mode: testing }
tlsRpt: [mailto:tls@example.test]
caa: { iodef: mailto:caa@example.test }
calDav: https://dav.example.net/cal/
cardDav: https://dav.example.net/card/
webmail: https://webmail.example.test/
languages: [de, en]
help: { url: https://help.example.test/mail, texts: { en: Mail help, de: Hilfe } }
certificate: { layout: separate, keyType: P-384 }
`;
const RICH_DEPARTMENT = `
domain: dept.example.test
mailServer: { host: mail.example.test }
caa: true
`;

describe("npm run sandbox", () => {
  test("everything that a domain file can ask for is deployed, passes the checks, and stays as it is", async () => {
    await using folder = await temporaryFolder();
    const domains = await domainsIn(folder.path, { "rich.yaml": RICH, "dept.yaml": RICH_DEPARTMENT });
    const state = join(folder.path, "state");
    const args = ["--once", "--engine", "local", "--state", state, "--domains", domains];
    const first = await runSandbox([...args, "--address", "127.0.0.1"]);
    expect(first.output).not.toContain("FAIL");
    expect(first.code).toBe(0);
    // One certificate for the mail server, one for each domain with its wildcard.
    expect(first.output).toContain("3 ACME orders");
    const stored = await readStore(state);
    const second = await runSandbox([...args, "--address", "127.0.0.1"]);
    expect(changesOf(second)).toMatch(/^0 created, 0 updated, 0 replaced, 0 deleted/);
    expect(await readStore(state)).toBe(stored);
  });

  test("publication moves from the Worker to an origin host and back without two records at one name", async () => {
    await using folder = await temporaryFolder();
    const domains = await domainsIn(folder.path, { "example.yaml": EXAMPLE });
    const args = [
      "--once",
      "--engine",
      "local",
      "--state",
      join(folder.path, "state"),
      "--domains",
      domains,
      "--address",
      "127.0.0.1",
    ];
    await runSandbox(args);
    await writeFile(join(domains, "example.yaml"), `${EXAMPLE}publish: { origin: mail.example.test }\n`);
    const moved = await runSandbox(args);
    expect(changesOf(moved)).toMatch(/^\d+ created/);
    const store = await readStore(join(folder.path, "state"));
    expect(store).not.toContain('"100::"');
    await writeFile(join(domains, "example.yaml"), EXAMPLE);
    expect((await runSandbox(args)).code).toBe(0);
  });

  test("an interrupt in the middle of an order ends the children and leaves no challenge record", async () => {
    await using folder = await temporaryFolder();
    const domains = await domainsIn(folder.path, { "example.yaml": EXAMPLE });
    const state = join(folder.path, "state");
    const args = ["--engine", "local", "--state", state, "--domains", domains, "--address", "127.0.0.1"];
    const interrupted = await runSandbox(args, { interruptAt: /mail-platform\/account/ });
    expect(interrupted.code).toBe(130);
    expect(interrupted.output).not.toMatch(/^\s+at /m);
    expect(await readStore(state)).not.toContain("_acme-challenge");
    const { stdout } = await promisify(execFile)("ps", ["-eo", "args"]);
    expect(stdout.split("\n").filter((line) => line.includes(state))).toEqual([]);

    const next = await runSandbox([...args, "--once"]);
    expect(next.output).not.toMatch(/^FAIL/m);
    expect(next.code).toBe(0);
  });

  test("every problem of the domain files is said at once, before anything starts", async () => {
    await using folder = await temporaryFolder();
    const domains = await domainsIn(folder.path, {
      "a.yaml": "domain: a.test\nmailServr: { host: mail.a.test }\n",
      "b.yaml": "domain: b_.test\nmailServer: { host: mail.b.test, imap: { port: 70000 } }\n",
    });
    const state = join(folder.path, "state");
    const { code, output } = await runSandbox(["--once", "--state", state, "--domains", domains]);
    expect(code).toBe(1);
    for (const text of [
      "a.yaml: mailServr",
      '"mailServer"',
      "b.yaml: domain",
      "b.yaml: mailServer.imap.port",
      "70000",
    ]) {
      expect(output).toContain(text);
    }
    expect(output).not.toMatch(/^\s+at /m);
  });

  test("an unknown option ends with exit code 2 and its name", async () => {
    const { code, output } = await runSandbox(["--bogus"]);
    expect(code).toBe(2);
    expect(output).toContain("--bogus");
  });

  test("a port that is taken is named, with a remedy", async () => {
    await using folder = await temporaryFolder();
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as { port: number };
    const { code, output } = await runSandbox([
      "--once",
      "--state",
      folder.path,
      "--https-port",
      String(port),
    ]);
    server.close();
    expect(code).toBe(1);
    expect(output).toContain(`${port}`);
    expect(output).not.toMatch(/^\s+at /m);
  });

  test("no key, token or password stands readable in the state folder's records of the run", async () => {
    await using folder = await temporaryFolder();
    const domains = await domainsIn(folder.path, { "example.yaml": EXAMPLE });
    const state = join(folder.path, "state");
    const { output } = await runSandbox([
      "--once",
      "--engine",
      "local",
      "--state",
      state,
      "--domains",
      domains,
      "--address",
      "127.0.0.1",
    ]);
    const users = (
      JSON.parse(await readFile(join(state, "endpoints.json"), "utf8")) as { users: { password: string }[] }
    ).users;
    expect(output).not.toContain("PRIVATE KEY");
    for (const { password } of users) expect(output).not.toContain(password);
    expect(await readFile(join(state, "local-state.json"), "utf8")).not.toContain("PRIVATE KEY");
    expect(await readdir(state)).toContain("local-state.key");
  });
});
