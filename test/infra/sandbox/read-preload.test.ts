import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPreload } from "../../../infra/sandbox/read-preload.ts";
import { temporaryFolder } from "./run-sandbox.ts";

async function read(text: string): Promise<unknown> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "preload.json");
  await writeFile(file, text);
  return await readPreload(file);
}

test("a preload file gives zones with plan, quota, account, records, scripts, routes and custom domains", async () => {
  const zones = [
    {
      zone: "example.test",
      records: [{ type: "A", name: "@", content: "192.0.2.1", proxied: true, ttl: 1 }],
    },
    {
      zone: "example.com",
      plan: "pro",
      recordQuota: 5,
      records: [
        {
          type: "SRV",
          name: "_imaps._tcp",
          data: { priority: 0, weight: 1, port: 993, target: "mail.example.com" },
          comment: "by hand",
          tags: ["owner:mail"],
        },
      ],
      scripts: ["idle"],
      routes: [{ pattern: "example.com/*", script: "theirs" }, { pattern: "off.example.com/*" }],
      customDomains: [{ hostname: "shop.example.com", service: "theirs" }],
    },
    { zone: "other.test", account: "other", records: [] },
  ];
  expect(await read(JSON.stringify(zones))).toEqual(zones);
});

test("every problem of a preload file is named at once, with its place", async () => {
  const text = JSON.stringify([
    { zone: "example.test", plan: "gold", recordQuota: 0, records: [{ type: "A" }], route: [] },
    { zone: "other.test", account: "mine" },
  ]);
  const error = await read(text).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "usage" });
  const { message } = error as Error;
  for (const place of [
    "0.plan:",
    "0.recordQuota:",
    "0.records.0.name:",
    '"route"',
    "1.account:",
    "1.records:",
  ]) {
    expect(message).toContain(place);
  }
});

test.each([
  ["no JSON", "[{"],
  ["no list", '{ "zone": "example.test" }'],
])("%s is a usage error that shows the form", async (_title, text) => {
  await expect(read(text)).rejects.toMatchObject({
    code: "usage",
    remedy: expect.stringContaining('[{ "zone": "example.test"'),
  });
});

test("a file that is not there is a usage error", async () => {
  await expect(readPreload("/nonexistent/preload.json")).rejects.toMatchObject({ code: "usage" });
});
