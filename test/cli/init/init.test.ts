import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { startTinyDns, type TinyDns } from "../../certificates/tiny-dns.ts";
import { runCommand } from "../run-command.ts";

let dns: TinyDns;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "init-"));
  dns = await startTinyDns(
    new Map([
      ["example.com/MX", [{ preference: 10, exchange: "aspmx1.migadu.com" }]],
      ["example.com/TXT", [["v=spf1 include:spf.migadu.com -all"]]],
      ["_dmarc.example.com/TXT", [["v=DMARC1; p=none"]]],
      // A name without an exchanger, at which nothing listens.
      ["mail.example.org/A", ["127.0.0.1"]],
    ]),
  );
});

afterAll(async () => {
  await dns.close();
  await rm(folder, { recursive: true, force: true });
});

test("init writes the file of a living domain to the standard output, and nothing else", async () => {
  const { exitCode, stdout, stderr } = await runCommand(["init", "Example.com", "--resolver", dns.address]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(parse(stdout)).toEqual({
    domain: "example.com",
    preset: "migadu",
    mx: [{ host: "aspmx1.migadu.com", priority: 10 }],
    dmarc: "v=DMARC1; p=none",
    adopt: ["@/MX", "@/TXT", "_dmarc/TXT"],
  });
  expect(stdout).toContain("# Migadu, by the mail exchangers");
});

test("the records that stand already are left out where they are not wanted", async () => {
  const { stdout } = await runCommand(["init", "example.com", "--resolver", dns.address, "--no-adopt"]);
  expect(parse(stdout)).not.toHaveProperty("adopt");
});

test("a file that is there is not overwritten without --force", async () => {
  const file = join(folder, "example.com.yaml");
  const argv = ["init", "example.com", "--resolver", dns.address, "--output", file];
  const first = await runCommand(argv);
  expect(first).toMatchObject({ exitCode: 0, stdout: "" });
  expect(parse(await readFile(file, "utf8"))).toHaveProperty("preset", "migadu");
  const second = await runCommand(argv);
  expect(second.exitCode).toBe(2);
  expect(second.stderr).toContain(`${file} is there already.`);
  expect((await runCommand([...argv, "--force"])).exitCode).toBe(0);
});

test("a domain without a mail server gets a file, a warning and exit code 3", async () => {
  const argv = ["init", "example.org", "--resolver", dns.address, "--allow-private", "--timeout", "1s"];
  const { exitCode, stdout, stderr } = await runCommand(argv);
  expect(exitCode).toBe(3);
  expect(parse(stdout)).toMatchObject({ domain: "example.org", mailServer: { host: "mail.example.org" } });
  expect(stdout).toContain("# NOT FOUND");
  expect(stderr).toContain("No mail server of example.org was found");
});

test("what is no domain is refused", async () => {
  const { exitCode, stderr } = await runCommand(["init", "alice@example.com"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("alice@example.com is no domain");
});
