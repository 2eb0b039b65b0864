import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { edgeHosts, readSandboxInventory, type SandboxInventory } from "../../../infra/sandbox/inventory.ts";
import { temporaryFolder } from "./run-sandbox.ts";

async function inventory(
  domains: Readonly<Record<string, string>>,
  preload?: unknown,
): Promise<SandboxInventory> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "domains");
  await mkdir(path);
  for (const [domain, extra] of Object.entries(domains)) {
    const text = `domain: ${domain}\nmailServer: { host: mail.${domain} }\n${extra}`;
    await writeFile(join(path, `${domain}.yaml`), text);
  }
  const file = join(folder.path, "preload.json");
  if (preload !== undefined) await writeFile(file, JSON.stringify(preload));
  return await readSandboxInventory(path, preload === undefined ? undefined : file);
}

test("each domain lies in the closest zone of the preload, else in one of its own", async () => {
  const found = await inventory({ "a.dept.example.test": "", "example.test": "", "example.com": "" }, [
    { zone: "Dept.Example.test", records: [] },
    { zone: "example.test", records: [] },
    { zone: "unused.test", records: [] },
  ]);
  expect(found.zones).toEqual(["dept.example.test", "example.com", "example.test", "unused.test"]);
});

test("a zone of another account is none of ours, also where a domain lies in it", async () => {
  const found = await inventory({ "example.test": "", "example.com": "" }, [
    { zone: "example.test", account: "other", records: [] },
  ]);
  expect(found.zones).toEqual(["example.com"]);
  expect(found.preload).toHaveLength(1);
});

test("the edge serves published hosts of every depth, and what was proxied before", async () => {
  const found = await inventory({ "example.test": "", "dept.example.test": "" }, [
    {
      zone: "example.test",
      records: [
        { type: "A", name: "@", content: "192.0.2.1", proxied: true },
        { type: "A", name: "www", content: "192.0.2.1", proxied: true },
        { type: "A", name: "shop.example.test", content: "192.0.2.1", proxied: true },
        { type: "A", name: "*", content: "192.0.2.1", proxied: true },
        { type: "A", name: "direct", content: "192.0.2.1" },
      ],
    },
  ]);
  const hosts = edgeHosts(found);
  for (const host of [
    "autoconfig.example.test",
    "autodiscover.dept.example.test",
    "example.test",
    "www.example.test",
    "shop.example.test",
  ]) {
    expect(hosts).toContain(host);
  }
  expect(hosts).not.toContain("direct.example.test");
  expect(hosts.some((host) => host.startsWith("*"))).toBe(false);
  expect(new Set(hosts).size).toBe(hosts.length);
});

test("hosts published at an origin are not the edge's, save where the origin is proxied in another account", async () => {
  const publish = "publish: { origin: docs.other.test }\n";
  const preload = [{ zone: "other.test", account: "other", records: [] }];
  expect(edgeHosts(await inventory({ "example.test": publish }))).toEqual([]);
  expect(edgeHosts(await inventory({ "example.test": publish }, preload))).toContain(
    "autoconfig.example.test",
  );
});
