import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as cloudflare from "@pulumi/cloudflare";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloudflareHandlers } from "../../../../infra/sandbox/runner/cloudflare-handlers.ts";
import { LocalRunner, type RunnerEvent } from "../../../../infra/sandbox/runner/local-runner.ts";
import { StateFile } from "../../../../infra/sandbox/runner/state-file.ts";
import type { StoredRecord } from "../../../../infra/sandbox/cloudflare-api/stored-state.ts";
import { ownershipComment } from "../../../../src/dns/ownership.ts";
import { runApi, type RunningApi } from "../cloudflare-api/run-api.ts";
import { temporaryFolder } from "../run-sandbox.ts";

const IDENTITY = { project: "mail-autodiscover", stack: "test" };
const NAME = "example.test/TXT/example.test/spf";
const ADOPTED = ownershipComment(IDENTITY, NAME, { isAdopted: true });

let run: RunningApi;
let zoneId: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

// The outputs of a failed resource reject late and elsewhere; the runner itself has told of the failure by then.
const reported = process.listeners("unhandledRejection");
const report = (reason: unknown, promise: Promise<unknown>): void => {
  if (reason instanceof Error && reason.message.startsWith("failed to register new resource")) return;
  for (const listener of reported) listener(reason, promise);
};

beforeAll(async () => {
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", report);
  run = await runApi();
  zoneId = run.zoneId("example.test");
});
afterAll(async () => {
  await run[Symbol.asyncDispose]();
  process.removeListener("unhandledRejection", report);
  for (const listener of reported) process.on("unhandledRejection", listener);
});

beforeEach(async () => {
  folder = await temporaryFolder();
  run.api.store.updateZone(zoneId, () => ({ records: [] }));
  return () => folder[Symbol.asyncDispose]();
});

interface Wanted {
  readonly name?: string;
  readonly args?: Partial<cloudflare.DnsRecordArgs>;
  readonly importId?: string | undefined;
}

/** One `up` of a program that wants these records; returns what happened, the state's resources, and the zone. */
async function up(...wanted: readonly Wanted[]): Promise<{
  readonly events: readonly string[];
  readonly state: string;
  readonly records: readonly StoredRecord[];
}> {
  const events: RunnerEvent[] = [];
  const runner = new LocalRunner({
    project: IDENTITY.project,
    stack: IDENTITY.stack,
    handlers: cloudflareHandlers(run.client),
    state: await StateFile.open(folder.path),
    onEvent: (event) => events.push(event),
  });
  await runner.up(() => {
    for (const { name = NAME, args, importId } of wanted) {
      const base = { zoneId, type: "TXT", name: "example.test", ttl: 1, proxied: false };
      // oxlint-disable-next-line no-new -- registering is all that a resource is made for
      new cloudflare.DnsRecord(
        name,
        { ...base, content: '"v=spf1 -all"', ...args },
        importId === undefined ? {} : { import: importId },
      );
    }
    return Promise.resolve({});
  });
  return {
    events: events
      .filter(({ state }) => state === "done")
      .map(({ operation, isRetained }) => (isRetained === true ? `${operation}, retained` : operation)),
    state: await readFile(join(folder.path, "local-state.json"), "utf8").catch(() => ""),
    records: run.api.store.records(zoneId),
  };
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

/** Makes a record by hand and returns its import id. */
async function made(fields: object = {}): Promise<string> {
  const base = { zone_id: zoneId, type: "TXT", name: "example.test", content: '"v=spf1 -all"', ttl: 1 };
  const { id } = await run.client.dns.records.create({ ...base, ...fields } as never);
  return `${zoneId}/${id}`;
}

describe("a record with an import id that the state does not know", () => {
  test("is taken over as it is where it is what the program wants", async () => {
    const importId = await made();
    const before = run.api.store.records(zoneId);
    const { events, records, state } = await up({ importId });
    expect(events).toEqual(["import"]);
    expect(records).toEqual(before);
    expect(JSON.parse(state)).toMatchObject({
      resources: [{ name: NAME, id: importId.split("/")[1], importId }],
    });
  });

  test("is taken over and then updated in place, with the same id, where it differs", async () => {
    const importId = await made({ ttl: 300 });
    const { events, records } = await up({ importId, args: { comment: ADOPTED } });
    expect(events).toEqual(["import", "update"]);
    expect(records).toMatchObject([{ id: importId.split("/")[1], ttl: 1, comment: ADOPTED }]);
  });

  const srv = { priority: 0, weight: 1, port: 993, target: "mail.example.test" };
  test.each([
    { type: "SRV", name: "_imaps._tcp.example.test", content: undefined, priority: 0, data: srv },
    { type: "MX", content: "mail.example.test", priority: 10 },
    { type: "CAA", content: undefined, data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
  ])("is not changed where a record of type $type says the same", async (args) => {
    expect((await up({ importId: await made(args), args })).events).toEqual(["import"]);
  });

  test("is refused with the engine's words where the zone has another type there", async () => {
    const importId = await made({ type: "MX", content: "mail.example.test", priority: 10 });
    const before = run.api.store.records(zoneId);
    expect(await failureOf(up({ importId }))).toMatchObject({
      code: "record-exists",
      message: expect.stringMatching(
        /^inputs to import do not match the existing resource: .*type: "MX", not "TXT"/,
      ),
    });
    expect(run.api.store.records(zoneId)).toEqual(before);
  });

  test("is refused where there is no such record, and where the id has another form", async () => {
    const missing = `${zoneId}/${"f".repeat(32)}`;
    expect(await failureOf(up({ importId: missing }))).toMatchObject({
      code: "invalid-config",
      message: `The DNS record to import does not exist: ${missing}`,
    });
    expect(await failureOf(up({ importId: "f".repeat(32) }))).toMatchObject({ code: "invalid-config" });
  });

  test("is refused where another resource of the state holds that record", async () => {
    const [record] = (await up({ name: "former" })).records;
    const importId = `${zoneId}/${record?.id ?? ""}`;
    expect(await failureOf(up({ importId }))).toMatchObject({
      code: "record-exists",
      message: expect.stringContaining("delete the live record"),
    });
    expect(run.api.store.records(zoneId)).toEqual([record]);
  });
});

describe("a record with an import id that the state knows", () => {
  test("is unchanged with the same import id, and without one in the run after", async () => {
    const importId = await made();
    const imported = await up({ importId });
    const again = await up({ importId });
    expect([again.events, again.state]).toEqual([["same"], imported.state]);
    const without = await up({});
    expect(without.events).toEqual(["same"]);
    expect(without.state).not.toContain("importId");
    expect(without.records).toEqual(imported.records);
  });

  test("is updated in place with the same import id, and not imported anew", async () => {
    const importId = await made();
    await up({ importId });
    const changed = await up({ importId, args: { ttl: 300 } });
    expect(changed.events).toEqual(["update"]);
    expect(changed.records).toMatchObject([{ id: importId.split("/")[1], ttl: 300 }]);
  });

  test("is refused where the stack made it: the engine would delete the live record", async () => {
    const { records, state } = await up({});
    const error = await failureOf(up({ importId: `${zoneId}/${records[0]?.id ?? ""}` }));
    expect(error).toMatchObject({
      code: "record-exists",
      message: expect.stringContaining("the engine would replace it and then delete the live record"),
    });
    const after = await up({});
    expect([after.events, after.state, after.records]).toEqual([["same"], state, records]);
  });

  test("is refused where the state holds another record for it", async () => {
    await up({ importId: await made() });
    const other = await made({ content: '"v=spf1 mx -all"' });
    expect(await failureOf(up({ importId: other }))).toMatchObject({ code: "record-exists" });
    expect(run.api.store.records(zoneId)).toHaveLength(2);
  });
});

describe("deletion", () => {
  test("of a record of our own removes it", async () => {
    await up({ args: { comment: ownershipComment(IDENTITY, NAME) } });
    expect(await up()).toMatchObject({ events: ["delete"], records: [] });
  });

  test("of an adopted record forgets it and leaves it in the zone", async () => {
    const importId = await made();
    await up({ importId, args: { comment: ADOPTED } });
    const { events, records, state } = await up();
    expect(events).toEqual(["delete, retained"]);
    expect(records).toMatchObject([{ id: importId.split("/")[1], comment: ADOPTED }]);
    expect(JSON.parse(state)).toMatchObject({ resources: [] });
  });

  test("of a record whose comment merely ends in that word removes it", async () => {
    await up({ args: { comment: "the cat that we adopted" } });
    expect((await up()).records).toEqual([]);
  });
});

test("a state without imports has the same bytes as ever, field by field", async () => {
  const { state, records } = await up({});
  expect(JSON.parse(state)).toEqual({
    version: 1,
    resources: [
      {
        type: "cloudflare:index/dnsRecord:DnsRecord",
        name: NAME,
        inputs: expect.objectContaining({ zoneId, type: "TXT", name: "example.test" }),
        secrets: [],
        id: records[0]?.id,
        outputs: expect.objectContaining({ zoneId, type: "TXT", name: "example.test" }),
      },
    ],
  });
  expect(state).toMatch(/"type": .*"name": .*"inputs": .*"secrets": .*"id": .*"outputs": /s);
  const changed = await up({ args: { ttl: 300 } });
  expect(changed.state).toMatch(/"type": .*"name": .*"inputs": .*"secrets": .*"id": .*"outputs": /s);
});
