import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoredRecord } from "../../../infra/sandbox/cloudflare-api/stored-state.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import { requireDomainFiles } from "../../../src/spec/parse-domain-files.ts";
import { runApi, TOKEN, type RunningApi } from "../../infra/sandbox/cloudflare-api/run-api.ts";
import { runCommand, type CommandInput, type CommandResult } from "../run-command.ts";

const NAME = "autoconfig.example.com";
const OURS = ownershipComment({ project: "mail", stack: "prod" }, `example.com/CNAME/${NAME}`);
const ADOPTED = ownershipComment({ project: "mail", stack: "prod" }, "adopted", { isAdopted: true });
const THEIRS = ownershipComment({ project: "mail", stack: "dev" }, "example.com/SRV/_imaps._tcp.example.com");
const URN =
  "urn:pulumi:prod::mail::mail-autodiscover:index:MailDomain$cloudflare:index/dnsRecord:DnsRecord::example.com/CNAME/autoconfig.example.com";

const srv = { priority: 0, weight: 1, port: 993, target: "mail.example.com" };
const PRELOAD = [
  { type: "CNAME", name: NAME, content: "edge.example.net", proxied: true, comment: OURS },
  { type: "A", name: "mail.example.com", content: "203.0.113.25", ttl: 600, comment: ADOPTED },
  { type: "AAAA", name: "mail.example.com", content: "2001:db8::25", comment: OURS },
  { type: "TXT", name: "mail.example.com", content: '"by hand"', comment: "by hand" },
  { type: "SRV", name: "_imaps._tcp.example.com", data: srv, comment: OURS },
  {
    type: "SRV",
    name: "_imaps._tcp.example.com",
    data: { ...srv, priority: 10, port: 9993 },
    comment: THEIRS,
  },
  { type: "MX", name: "example.com", content: "mail.example.com", priority: 10 },
];

let running: RunningApi;
let folder = "";

beforeEach(async () => {
  running = await runApi({ preload: [{ zone: "example.com", records: PRELOAD }] });
  folder = await mkdtemp(join(tmpdir(), "cli-release-"));
});

afterEach(async () => {
  await running[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function release(argv: readonly string[], input: CommandInput = {}): Promise<CommandResult> {
  const env = { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_BASE_URL: running.api.url, ...input.env };
  return runCommand(["release", ...argv], { ...input, env });
}

function stored(): readonly StoredRecord[] {
  return running.api.store.state.zones.find(({ name }) => name === "example.com")?.records ?? [];
}

function storedAt(name: string, type: string): StoredRecord {
  const record = stored().find((each) => each.name === name && each.type === type);
  if (record === undefined) throw new Error(`the preload lacks ${name}/${type}`);
  return record;
}

/** The zone's bytes without what every change of a comment changes. */
function rest(except: readonly string[]): string {
  return JSON.stringify(
    stored().map((record) =>
      except.includes(record.id)
        ? { ...record, comment: undefined, commentModifiedOn: undefined, modifiedOn: undefined }
        : record,
    ),
  );
}

/** Runs a release that must change nothing, and returns what it said. */
async function unchanged(argv: readonly string[], input: CommandInput = {}): Promise<CommandResult> {
  const before = JSON.stringify(running.api.store.state);
  const result = await release(argv, input);
  expect(JSON.stringify(running.api.store.state)).toBe(before);
  expect(result.stdout).toBe("");
  return result;
}

function exported(resources: readonly object[]): string {
  return JSON.stringify({ version: 3, deployment: { manifest: {}, resources } });
}

function resource(id: string, rest: object = {}): object {
  return { urn: URN, custom: true, id, type: "cloudflare:index/dnsRecord:DnsRecord", inputs: {}, ...rest };
}

describe("what is released", () => {
  test.each([
    { what: "a proxied CNAME", argument: NAME, name: NAME, type: "CNAME" },
    {
      what: "an adopted record, mark included",
      argument: "mail.example.com/A",
      name: "mail.example.com",
      type: "A",
    },
    {
      what: "a name in capitals with a final dot",
      argument: "AutoConfig.Example.COM./cname",
      name: NAME,
      type: "CNAME",
    },
  ])("$what loses its comment and nothing else", async ({ argument, name, type }) => {
    const { id, comment } = storedAt(name, type);
    const before = rest([id]);
    const { exitCode, stdout, stderr } = await release([argument, "--yes"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(`released ${name}/${type} ${id}, was "${comment ?? ""}"\nadopt: [${name}/${type}]\n`);
    expect(storedAt(name, type).comment).toBeNull();
    expect(rest([id])).toBe(before);
  });

  test("without a type, all of ours at the name; what others made there stays", async () => {
    const ids = ["A", "AAAA"].map((type) => storedAt("mail.example.com", type).id);
    const before = rest(ids);
    const { exitCode, stdout } = await release(["mail.example.com", "--yes"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("adopt: [mail.example.com/A, mail.example.com/AAAA]\n");
    expect(ids.map((id) => stored().find((record) => record.id === id)?.comment)).toEqual([null, null]);
    expect(rest(ids)).toBe(before);
    expect(storedAt("mail.example.com", "TXT").comment).toBe("by hand");
  });

  test("--stack chooses among the records of several stacks, with its data kept", async () => {
    const name = "_imaps._tcp.example.com";
    const [ours, theirs] = stored().filter((record) => record.name === name);
    const before = rest([theirs?.id ?? ""]);
    const { exitCode, stdout } = await release([name, "--stack", "mail/dev", "--yes"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`adopt: [${name}/SRV]\n`);
    const after = stored().filter((record) => record.name === name);
    expect(after.map(({ comment }) => comment)).toEqual([ours?.comment, null]);
    expect(rest([theirs?.id ?? ""])).toBe(before);
  });

  test("a U-label is its A-label, and a wildcard's entry is quoted as YAML wants it", async () => {
    const name = "*.xn--bcher-kva.example.com";
    await running.client.dns.records.create({
      zone_id: running.zoneId("example.com"),
      name,
      type: "A",
      content: "203.0.113.9",
      ttl: 1,
      comment: OURS,
    });
    const { exitCode, stdout } = await release(["*.Bücher.example.com", "--yes"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`adopt: ["${name}/A"]\n`);
  });

  test("the printed line makes a domain file adopt just these records", async () => {
    const { stdout } = await release(["mail.example.com", "--yes"]);
    const line = stdout.split("\n").findLast((each) => each.startsWith("adopt: "));
    const text = `domain: example.com\nmailServer: { host: mail.example.com }\n${line ?? ""}\n`;
    const [domain] = requireDomainFiles([{ file: "example.com.yaml", text }]);
    expect(domain?.adopt).toEqual([
      { name: "mail.example.com", type: "A" },
      { name: "mail.example.com", type: "AAAA" },
    ]);
  });

  test("a stack whose name is too long for a comment is found by its full name", async () => {
    const identity = { project: "p".repeat(60), stack: "s".repeat(60) };
    await running.client.dns.records.create({
      zone_id: running.zoneId("example.com"),
      name: NAME.replace("autoconfig", "long"),
      type: "A",
      content: "203.0.113.9",
      ttl: 1,
      comment: ownershipComment(identity, "long"),
    });
    const stack = `${identity.project}/${identity.stack}`;
    expect((await release(["long.example.com", "--stack", stack, "--yes"])).exitCode).toBe(0);
  });

  test("a second release finds nothing of ours", async () => {
    expect((await release([NAME, "--yes"])).exitCode).toBe(0);
    expect((await unchanged([NAME, "--yes"])).exitCode).toBe(1);
  });
});

describe("what is refused, with nothing changed", () => {
  test("a name that holds nothing", async () => {
    const { exitCode, stderr } = await unchanged(["nobody.example.com", "--yes"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The zone example.com holds nothing at that name");
  });

  test("a record of somebody else: it can be adopted as it is, and what stands there is shown", async () => {
    const { exitCode, stderr } = await unchanged(["mail.example.com/TXT", "--yes"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(storedAt("mail.example.com", "TXT").id);
    expect(stderr).toContain('comment "by hand"');
    expect(stderr).toContain("can be adopted as it is");
  });

  test("a record of another stack than the one that is named", async () => {
    const { exitCode, stderr } = await unchanged([NAME, "--stack", "mail/dev", "--yes"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("bears an ownership comment of mail/dev");
  });

  test("records of several stacks where none is named", async () => {
    const { exitCode, stderr } = await unchanged(["_imaps._tcp.example.com", "--yes"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Add --stack with one of: mail/prod, mail/dev.");
  });

  test("a name in no zone that the token can see", async () => {
    const { exitCode, stderr } = await unchanged(["mail.example.org", "--yes"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("No zone holds mail.example.org");
    expect(stderr).toContain("example.com, example.test");
  });

  test("a token that Cloudflare refuses; the message does not show it", async () => {
    const token = "wrong-token-000000000000000000000000000000";
    const { exitCode, stderr } = await unchanged([NAME, "--yes"], { env: { CLOUDFLARE_API_TOKEN: token } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Cloudflare refused the API token");
    expect(stderr).not.toContain(token);
  });

  test("no token", async () => {
    const { exitCode, stderr } = await unchanged([NAME, "--yes"], { env: { CLOUDFLARE_API_TOKEN: "" } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("CLOUDFLARE_API_TOKEN");
  });

  test("no terminal and no --yes: wrong usage, before any request", async () => {
    const { exitCode, stderr } = await unchanged([NAME]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--yes");
    expect(running.api.requests.total).toBe(0);
  });

  test("a change that Cloudflare refuses half-way: what was released before is said", async () => {
    const { id } = storedAt("mail.example.com", "AAAA");
    running.api.failNext({ status: 400, times: 1, match: { method: "PATCH", path: new RegExp(id) } });
    const { exitCode, stdout, stderr } = await release(["mail.example.com", "--yes"]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^released mail\.example\.com\/A .+\n$/);
    expect(stderr).toContain(`could not clear the comment of mail.example.com/AAAA (${id})`);
  });
});

describe("the question at a terminal", () => {
  test.each(["y\n", "YES\n"])("%j releases", async (stdin) => {
    const { exitCode, stdout, stderr } = await release([NAME], { isTerminal: true, stdin });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`adopt: [${NAME}/CNAME]`);
    expect(stderr).toContain("No stack's state may know the record any more");
    expect(stderr).toContain(`pulumi stack export | grep '${storedAt(NAME, "CNAME").id}'`);
    expect(storedAt(NAME, "CNAME").comment).toBeNull();
  });

  test.each(["\n", "n\n", "yep\n", ""])("%j, also the end of the input, changes nothing", async (stdin) => {
    const { exitCode, stderr } = await unchanged([NAME], { isTerminal: true, stdin });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Nothing was released.");
  });
});

describe("--state", () => {
  test("a record that the state knows is refused, with its URN and the command that forgets it", async () => {
    const file = join(folder, "state.json");
    await writeFile(file, exported([resource(storedAt(NAME, "CNAME").id)]));
    const { exitCode, stderr } = await unchanged([NAME, "--state", file, "--yes"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`pulumi state delete '${URN}'`);
  });

  test("one known record refuses all that are meant", async () => {
    const stdin = exported([resource(storedAt("mail.example.com", "AAAA").id)]);
    const { exitCode, stderr } = await unchanged(["mail.example.com", "--state", "-", "--yes"], { stdin });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("mail.example.com/AAAA");
    expect(stderr).not.toContain("mail.example.com/A ");
  });

  test.each([
    { what: "that knows other records only", resources: () => [resource("0".repeat(32))] },
    {
      what: "in which it only waits for its deletion",
      resources: (id: string) => [resource(id, { delete: true })],
    },
    {
      what: "whose resource of that id is no DNS record",
      resources: (id: string) => [resource(id, { type: "a:b:C" })],
    },
    { what: "of an empty stack", resources: () => [] },
  ])("a state $what lets the release through", async ({ resources }) => {
    const stdin = exported(resources(storedAt(NAME, "CNAME").id));
    const result = await release([NAME, "--state", "-", "--yes"], { stdin });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(storedAt(NAME, "CNAME").comment).toBeNull();
  });

  test("the state of another stack than the comment's is warned about: it proves little", async () => {
    const urn = URN.replace("prod::mail", "dev::mail");
    const stdin = exported([resource("0".repeat(32), { urn })]);
    const { exitCode, stderr } = await release([NAME, "--state", "-", "--yes"], { stdin });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("warning: the state is that of mail/dev; the comment names mail/prod");
  });

  test.each([
    { what: "no JSON", stdin: "# nothing" },
    { what: "another JSON", stdin: "{}" },
    { what: "a version with another shape", stdin: JSON.stringify({ version: 1, deployment: {} }) },
  ])("$what is refused before any request", async ({ stdin }) => {
    const { exitCode, stderr } = await unchanged([NAME, "--state", "-", "--yes"], { stdin });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('<stdin> is no output of "pulumi stack export"');
    expect(running.api.requests.total).toBe(0);
  });
});
