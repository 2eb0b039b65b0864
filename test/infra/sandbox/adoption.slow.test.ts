import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredRecord } from "../../../infra/sandbox/cloudflare-api/stored-state.ts";
import { readSandboxInventory } from "../../../infra/sandbox/inventory.ts";
import { deployLocally } from "../../../infra/sandbox/program/deploy-locally.ts";
import {
  openPulumiStack,
  pulumiVersion,
  type PulumiStack,
} from "../../../infra/sandbox/program/deploy-with-pulumi.ts";
import type { DeploymentOptions } from "../../../infra/sandbox/program/deployment.ts";
import { sandboxConfig, startSandbox, type Sandbox } from "../../../infra/sandbox/sandbox.ts";
import { runCommand } from "../../cli/run-command.ts";
import { temporaryFolder } from "./run-sandbox.ts";

/** A zone as others left it: some records say what is wanted, some are in the way, some are nobody's business here. */
const LIVING_ZONE = [
  { type: "A", name: "example.test", content: "192.0.2.80", proxied: true, comment: "web team" },
  { type: "A", name: "mail.example.test", content: "203.0.113.25", ttl: 3600 },
  { type: "MX", name: "example.test", content: "mail.example.test", priority: 10, ttl: 600 },
  { type: "TXT", name: "example.test", content: "v=spf1 include:_spf.example.net ~all", ttl: 900 },
  { type: "TXT", name: "example.test", content: '"site-verification=1"' },
  { type: "TXT", name: "_dmarc.example.test", content: "v=DMARC1; p=none", comment: "postmaster" },
  {
    type: "SRV",
    name: "_imaps._tcp.example.test",
    data: { priority: 0, weight: 1, port: 993, target: "mail.example.test" },
    ttl: 120,
  },
  { type: "CNAME", name: "autodiscover.example.test", content: "autodiscover.outlook.com", ttl: 300 },
  { type: "A", name: "autoconfig.example.test", content: "192.0.2.81", comment: "old panel" },
  { type: "AAAA", name: "autoconfig.example.test", content: "2001:db8::81" },
] as const;

const ADOPT = ["mail/A", "@/MX", "@/TXT", "_dmarc/TXT", "_imaps._tcp/SRV"];
const REPLACE = ["autodiscover/CNAME", "autoconfig/A"];

function domainFile(adopt: readonly string[], replace: readonly string[]): string {
  return [
    "domain: example.test",
    "mailServer: { host: mail.example.test, addresses: [203.0.113.25] }",
    "mx: [{ host: mail.example.test }]",
    'spf: "v=spf1 mx -all"',
    'dmarc: "v=DMARC1; p=none"',
    `adopt: ${JSON.stringify(adopt)}`,
    `replace: ${JSON.stringify(replace)}`,
    "",
  ].join("\n");
}

interface World {
  readonly sandbox: Sandbox;
  readonly options: DeploymentOptions;
  readonly write: (text: string) => Promise<void>;
  /** The zone as stored, in the order of names; ids and times included. */
  readonly zone: () => readonly StoredRecord[];
  readonly at: (name: string, type: string) => StoredRecord | undefined;
  readonly close: () => Promise<void>;
}

async function openWorld(engine: "pulumi" | "local"): Promise<World> {
  const folder = await temporaryFolder();
  const domains = join(folder.path, "domains");
  const preload = join(folder.path, "preload.json");
  const state = join(folder.path, "state");
  await mkdir(domains);
  const write = (text: string): Promise<void> => writeFile(join(domains, "example.yaml"), text);
  await write(domainFile([], []));
  await writeFile(preload, JSON.stringify([{ zone: "example.test", records: LIVING_ZONE }]));
  const sandbox = await startSandbox(
    { domains, preload, once: true, engine, state, address: "127.0.0.1", ports: {} },
    await readSandboxInventory(domains, preload),
    () => undefined,
  );
  const id = sandbox.api.store.zones()[0]?.id ?? "";
  const zone = (): readonly StoredRecord[] => sandbox.api.store.records(id);
  return {
    sandbox,
    write,
    zone,
    at: (name, type) => zone().find((record) => record.name === name && record.type === type),
    options: {
      config: sandboxConfig(sandbox, domains),
      apiToken: sandbox.apiToken,
      baseUrl: sandbox.api.url,
      stateFolder: state,
      log: () => undefined,
      signal: new AbortController().signal,
    },
    close: async () => {
      await sandbox.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What an owner sees of a record: everything but our comment and the times. */
function meaning({ id, type, name, content, ttl, proxied, priority }: StoredRecord): unknown {
  return { id, type, name, content, ttl, proxied, priority };
}

const untouched = (world: World): readonly unknown[] =>
  world
    .zone()
    .filter(({ comment }) => comment === null || !comment.startsWith("mail-autodiscover "))
    .map(({ id, content }) => ({ id, content }));

const pulumi = await pulumiVersion();
if (pulumi === undefined)
  console.log("skipped: adoption on a real engine, as there is no pulumi on the PATH");

describe.for([
  { engine: "local" as const, isThere: true },
  { engine: "pulumi" as const, isThere: pulumi !== undefined },
])("a living zone, with the $engine engine", ({ engine, isThere }) => {
  describe.skipIf(!isThere)("step by step", () => {
    let world: World;
    let stack: PulumiStack | undefined;
    let before: readonly StoredRecord[];
    let deployed: readonly StoredRecord[];
    const up = async (): Promise<unknown> =>
      stack === undefined
        ? deployLocally(world.options)
        : stack(["up", "--yes", "--skip-preview"], world.options.log);
    const failure = async (run: Promise<unknown>): Promise<string> =>
      run.then(
        () => "nothing failed",
        (error: unknown) => (error as Error).message,
      );

    beforeAll(async () => {
      world = await openWorld(engine);
      if (engine === "pulumi") stack = await openPulumiStack(world.options);
      before = world.zone();
    });
    afterAll(() => world.close());

    test("nothing is changed before every record in the way is named, and all are said at once", async () => {
      const message = await failure(stack === undefined ? up() : stack(["preview"]));
      for (const { id, name } of before.filter(({ comment }) => comment !== "web team")) {
        if (name === "example.test" && id === before[4]?.id) continue;
        expect(message).toContain(id);
      }
      for (const entry of ["mail.example.test/A", "example.test/MX", "_imaps._tcp.example.test/SRV"])
        expect(message).toContain(`- ${entry}`);
      expect(message).toContain("left by Microsoft 365");
      expect(world.zone()).toEqual(before);
    });

    test("adopted records keep id, content and time to live; replaced ones are what is wanted", async () => {
      await world.write(domainFile(ADOPT, REPLACE));
      await up();
      deployed = world.zone();
      for (const name of ["mail.example.test/A", "example.test/MX", "_imaps._tcp.example.test/SRV"]) {
        const [owner = "", type = ""] = name.split("/");
        const former = before.find((record) => record.name === owner && record.type === type);
        const now = world.at(owner, type);
        expect(now === undefined ? now : meaning(now)).toEqual(
          former === undefined ? former : meaning(former),
        );
        expect(now?.comment).toMatch(/^mail-autodiscover mail-autodiscover\/sandbox [0-9a-f]{8} adopted$/);
      }
      const dmarc = world.at("_dmarc.example.test", "TXT");
      expect(dmarc?.content).toBe("v=DMARC1; p=none");
      const spf = deployed.filter(
        ({ name, content }) => name === "example.test" && content.includes("v=spf1"),
      );
      expect(spf).toMatchObject([
        { id: before[3]?.id, content: '"v=spf1 include:_spf.example.net mx ~all"', ttl: 900 },
      ]);
      expect(world.at("autodiscover.example.test", "CNAME")).toMatchObject({
        id: before[7]?.id,
        content: "autoconfig.example.test",
        proxied: true,
      });
      expect(deployed.filter(({ name }) => name === "autoconfig.example.test")).toMatchObject([
        { type: "AAAA", content: "100::" },
      ]);
    });

    test("what was not named is as it was", () => {
      const ids = new Set(untouched(world).map((record) => (record as { id: string }).id));
      expect(ids).toEqual(new Set([before[0]?.id, before[4]?.id]));
    });

    test("the second and third run leave the zone as it is, also with adopt still in the file, and without it", async () => {
      await up();
      expect(world.zone()).toEqual(deployed);
      await stack?.(["preview", "--expect-no-changes"]);
      await up();
      expect(world.zone()).toEqual(deployed);
      await world.write(domainFile([], REPLACE));
      await up();
      expect(world.zone()).toEqual(deployed);
      await stack?.(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    });

    test("a record of ours whose comment somebody took away is not imported, so it is not deleted", async () => {
      const { client, zoneId } = clientOf(world);
      const record = world.at("_submissions._tcp.example.test", "SRV");
      await client(`/zones/${zoneId}/dns_records/${record?.id ?? ""}`, "PATCH", { comment: "" });
      await world.write(domainFile(["_submissions._tcp/SRV"], REPLACE));
      await up();
      expect(world.at("_submissions._tcp.example.test", "SRV")?.id).toBe(record?.id);
      // The local runner has no refresh: it leaves the comment away.
      await stack?.(["up", "--refresh", "--yes", "--skip-preview"]);
      expect(world.at("_submissions._tcp.example.test", "SRV")).toMatchObject({
        id: record?.id,
        comment: stack === undefined ? null : record?.comment,
      });
    });

    test("a record of ours that somebody deleted and made again is only taken over after a refresh", async () => {
      const { client, zoneId } = clientOf(world);
      const record = world.at("_imap._tcp.example.test", "SRV");
      await client(`/zones/${zoneId}/dns_records/${record?.id ?? ""}`, "DELETE");
      await client(`/zones/${zoneId}/dns_records`, "POST", {
        type: "SRV",
        name: "_imap._tcp.example.test",
        data: { priority: 0, weight: 0, port: 0, target: "." },
      });
      const theirs = world.at("_imap._tcp.example.test", "SRV");
      await world.write(domainFile(["_imap._tcp/SRV"], REPLACE));
      expect(await failure(up())).toContain("was deleted outside");
      expect(world.at("_imap._tcp.example.test", "SRV")).toEqual(theirs);
    });

    // The local runner has neither refresh nor destroy.
    describe.skipIf(engine === "local")("refreshed and destroyed", () => {
      test("after the refresh it is", async () => {
        const theirs = world.at("_imap._tcp.example.test", "SRV");
        await stack?.(["refresh", "--yes", "--skip-preview"]);
        await up();
        expect(world.at("_imap._tcp.example.test", "SRV")).toMatchObject({ id: theirs?.id });
        expect(world.at("_imap._tcp.example.test", "SRV")?.comment).toMatch(/ adopted$/);
        await stack?.(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
      });

      test.skipIf(engine === "local")(
        "destroy leaves what was adopted, and brings back what was put aside",
        async () => {
          await stack?.(["destroy", "--yes", "--skip-preview"]);
          const now = world.zone();
          const found = before.map((former) =>
            now.find(
              ({ name, type, content }) =>
                name === former.name && type === former.type && meansSame(content, former.content),
            ),
          );
          expect(found.map((record) => record?.ttl)).toEqual(before.map(({ ttl }) => ttl));
          const displaced = (records: readonly (StoredRecord | undefined)[]): unknown =>
            records
              .filter((record) => record?.name.startsWith("auto"))
              .map((record) => [record?.type, record?.content, record?.comment]);
          expect(displaced(found)).toEqual(displaced(before));
          // What the refresh made ours by adoption is left as well.
          expect(now).toHaveLength(before.length + 1);
        },
      );

      test("after a destroy the preview calls the marks orphans, and release mends them", async () => {
        await world.write(domainFile(ADOPT, REPLACE));
        const message = await failure(up());
        expect(message).toContain("mail-autodiscover release");
        for (const entry of new Set(message.match(/(?<=release )\S+(?=")/g) ?? [])) {
          const released = await runCommand(["release", entry, "--yes"], {
            env: { CLOUDFLARE_API_TOKEN: world.options.apiToken, CLOUDFLARE_BASE_URL: world.options.baseUrl },
          });
          expect(released.exitCode, `${entry}: ${released.stderr}`).toBe(0);
        }
        await world.write(domainFile([...ADOPT, "_imap._tcp/SRV"], REPLACE));
        await up();
        expect(world.at("mail.example.test", "A")?.id).toBe(before[1]?.id);
        await stack?.(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
      });
    });
  });
});

/** SPF alone was completed while it was adopted, which stays. */
function meansSame(now: string, former: string): boolean {
  return now === former || (former.includes("v=spf1") && now.includes("v=spf1"));
}

function clientOf(world: World): {
  readonly zoneId: string;
  readonly client: (path: string, method: string, body?: unknown) => Promise<void>;
} {
  const { apiToken, baseUrl } = world.options;
  return {
    zoneId: world.sandbox.api.store.zones()[0]?.id ?? "",
    client: async (path, method, body) => {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(await response.text());
    },
  };
}
