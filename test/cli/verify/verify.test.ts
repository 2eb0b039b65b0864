import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readClientNames } from "../../../src/cli/arguments/read-client-names.ts";
import { readDuration } from "../../../src/cli/arguments/read-duration.ts";
import { runCommand } from "../run-command.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-"));
  await writeFile(join(folder, "empty.pem"), "no certificate\n");
  await writeFile(
    join(folder, "broken.pem"),
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("wrong usage is exit 2, told on stderr alone:", () => {
  test.each([
    { what: "no target", argv: [], said: "There is no domain to look at" },
    { what: "a target that a report swallowed", argv: ["--junit", "example.com"], said: "is written with =" },
    { what: "an address as a target", argv: ["a@example.com"], said: "the mailbox as --address" },
    { what: "a folder without a slash", argv: ["domains"], said: "a folder with a slash, such as ./domains" },
    { what: "a file that is not there", argv: ["./nowhere.yaml"], said: "Cannot read" },
    { what: "a folder without domain files", argv: ["FOLDER/"], said: "There is no domain file in" },
    {
      what: "an address of another domain",
      argv: ["example.com", "--address", "a@example.net"],
      said: "is no address of a domain that is looked at",
    },
    {
      what: "a client that is none, with the nearest",
      argv: ["example.com", "--client", "thunderbrid"],
      said: "Did you mean thunderbird?",
    },
    {
      what: "two reports on one stream",
      argv: ["example.com", "--json", "--junit"],
      said: "--json and --junit want the standard output",
    },
    {
      what: "a resolver that is none",
      argv: ["example.com", "--resolver", "dns.example"],
      said: "Write ip:port",
    },
    {
      what: "an address that is none",
      argv: ["example.com", "--resolver", "999.0.0.1:53"],
      said: "Write ip:port",
    },
    { what: "a URL as a target", argv: ["https://example.com/"], said: "it is not a bare host name" },
    {
      what: "an address whose local part is none",
      argv: ["example.com", "--address", "a b@example.com"],
      said: "is no address of a domain that is looked at",
    },
    {
      what: "a resolver over plain HTTP",
      argv: ["example.com", "--doh", "http://192.0.2.1/"],
      said: "Write a URL",
    },
    {
      what: "a rule without a port",
      argv: ["example.com", "--connect-to", "mail.example.com:993:127.0.0.1"],
      said: "Write",
    },
    {
      what: "a rule for a port that is none",
      argv: ["example.com", "--connect-to", "mail.example.com:99999:127.0.0.1:1"],
      said: "Write host:port:ip:port",
    },
    { what: "a time without its unit", argv: ["example.com", "--wait", "10"], said: "Write a time" },
    { what: "no domain at once", argv: ["example.com", "--concurrency", "0"], said: "Write a number" },
    {
      what: "another word for what fails",
      argv: ["example.com", "--fail-on", "pass"],
      said: "Allowed choices",
    },
    {
      what: "roots that are not there",
      argv: ["example.com", "--ca-file", "FOLDER/none.pem"],
      said: "ENOENT",
    },
    {
      what: "roots that hold none",
      argv: ["example.com", "--ca-file", "FOLDER/empty.pem"],
      said: "no certificate",
    },
    {
      what: "roots that cannot be read",
      argv: ["example.com", "--ca-file", "FOLDER/broken.pem"],
      said: "cannot be used",
    },
  ])("$what", async ({ argv, said }) => {
    const inFolder = argv.map((each) => each.replace("FOLDER", folder));
    // Were one of them taken, nothing would leave this machine.
    const result = await runCommand(["verify", "--resolver", "127.0.0.1:1", ...inFolder]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(said);
  });
});

test("a domain file that is refused is told with all its problems: exit 1, and nothing is looked at", async () => {
  const { exitCode, stdout, stderr } = await runCommand(["verify", "-"], { stdin: "domain: example.com\n" });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("mailServer");
});

test("the help tells the JSON's form, the clients and the exit codes", async () => {
  const { stdout } = await runCommand(["verify", "--help"]);
  for (const word of ['"version": 1', "passwordSentTo", "thunderbird-android", "pacc", "3 nothing failed"])
    expect(stdout).toContain(word);
});

test("a client that is near none is not guessed at", async () => {
  const { stderr } = await runCommand(["verify", "example.com", "--client", "nope"]);
  expect(stderr).toContain("The clients are: thunderbird,");
  expect(stderr).not.toContain("Did you mean");
});

test.each([
  { texts: ["K9"], names: ["thunderbird-android"] },
  { texts: ["k-9"], names: ["thunderbird-android"] },
  { texts: ["Delta-Chat"], names: ["deltachat"] },
  { texts: ["Outlook Cloud"], names: ["outlook-cloud"] },
  { texts: ["evolution, thunderbird"], names: ["thunderbird", "evolution"] },
  { texts: ["OUTLOOK", "Thunderbird", "outlook"], names: ["thunderbird", "outlook"] },
])("clients are named as people write them, and come in the order of reports: $texts", ({ texts, names }) => {
  expect(readClientNames(texts)).toEqual(names);
});

test.each([
  { text: "500ms", ms: 500 },
  { text: "5s", ms: 5000 },
  { text: "1.5s", ms: 1500 },
  { text: "10m", ms: 600_000 },
  { text: "1h", ms: 3_600_000 },
])("a time of $text has $ms milliseconds", ({ text, ms }) => {
  expect(readDuration(text)).toBe(ms);
});

test.each(["0s", "s", "-5s", "5 s", "5", "1e3s", "5d", "0.1ms"])("%s is no time", (text) => {
  expect(() => readDuration(text)).toThrow("Write a time");
});
