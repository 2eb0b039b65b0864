import { expect, test } from "vitest";
import { DOCUMENT_NAMES } from "../../../src/cli/render/render-names.ts";
import { ask, post, poxRequest } from "../../responder/memory-responder.ts";
import { REPLAY_FILE } from "../../responder/replay-domain.ts";
import { runCommand } from "../run-command.ts";

const SMALL = `domain: example.com\nmailServer: { host: mail.example.com, addresses: [203.0.113.25, "2001:db8::25"] }\n`;

async function render(file: string, ...argv: readonly string[]): ReturnType<typeof runCommand> {
  return runCommand(["render", "-", ...argv], { stdin: file });
}

test.each([
  ["autoconfig", "https://autoconfig.example.com/mail/config-v1.1.xml"],
  ["autodiscover", "https://autodiscover.example.com/autodiscover/autodiscover.xml"],
  ["mobileconfig", "https://autoconfig.example.com/mobileconfig"],
  ["pacc", "https://ua-auto-config.example.com/.well-known/user-agent-configuration.json"],
  ["settings-text", "https://autoconfig.example.com/settings.txt"],
  ["settings-page", "https://autoconfig.example.com/"],
])("%s is printed as it is served", async (name, url) => {
  const { exitCode, stdout, stderr } = await render(SMALL, "--document", name);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toBe((await ask(url)).body);
});

test("autodiscover with an address is what a POST gets", async () => {
  const { stdout } = await render(SMALL, "--document", "autodiscover", "--address", "alice@example.com");
  expect(stdout).toBe((await post(poxRequest("alice@example.com"))).body);
});

test("every document can be printed, and every name is in the help", async () => {
  const { stdout: help } = await runCommand(["render", "--help"]);
  for (const name of Object.keys(DOCUMENT_NAMES)) {
    const { exitCode, stdout } = await render(REPLAY_FILE, "--document", name);
    expect([name, exitCode]).toEqual([name, 0]);
    expect(stdout.length).toBeGreaterThan(20);
    expect(help).toContain(`  ${name} `);
  }
});

test("an unknown name is wrong usage, and the error lists the names", async () => {
  const { exitCode, stdout, stderr } = await render(SMALL, "--document", "pac");
  expect([exitCode, stdout]).toEqual([2, ""]);
  for (const name of Object.keys(DOCUMENT_NAMES)) expect(stderr).toContain(name);
});

test("a document that the domain does not have is an error that names it", async () => {
  const { exitCode, stdout, stderr } = await render(SMALL, "--document", "mta-sts");
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("example.com has no mta-sts");
});

test("the page comes in the domain's languages, and in no other", async () => {
  const german = await render(REPLAY_FILE, "--document", "settings-page", "--language", "de");
  expect(german.stdout).toContain('<html lang="de"');
  const other = await render(REPLAY_FILE, "--document", "settings-page", "--language", "fr");
  expect([other.exitCode, other.stdout]).toEqual([2, ""]);
  expect(other.stderr).toContain("en, de, zh");
});

test("a file with aliases gives its own domain's documents, and an alias's for an address of that", async () => {
  const file = `${SMALL}aliases: [another.example]\n`;
  const { stdout } = await render(file, "--document", "autoconfig");
  expect(stdout).toContain("<domain>example.com</domain>");
  const ofAlias = await render(file, "--document", "autoconfig", "--address", "a@another.example");
  expect(ofAlias.stdout).toContain("<domain>another.example</domain>");
});

test("an address of another domain is wrong usage", async () => {
  const { exitCode, stderr } = await render(
    SMALL,
    "--document",
    "autodiscover",
    "--address",
    "a@example.net",
  );
  expect(exitCode).toBe(2);
  expect(stderr).toContain("@example.com");
});

test("a file that is refused prints nothing", async () => {
  const { exitCode, stdout } = await render("domain: 7\n", "--document", "autoconfig");
  expect([exitCode, stdout]).toEqual([1, ""]);
});
