import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { MailDomain } from "../../src/components/mail-domain.ts";
import { MailPlatform } from "../../src/components/mail-platform.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

/** Registers one domain against a world in which everything takes a moment; returns what began and ended, in order. */
async function register(publish: object): Promise<readonly string[]> {
  const events: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: async ({ name, inputs }) => {
        events.push(`begin ${name}`);
        await delay(20);
        events.push(`end ${name}`);
        return {
          id: `id-of-${name}`,
          state: { ...inputs, accountKeyPem: "key", privateKeyPem: "key", fullChainPem: "chain" },
        };
      },
      call: () => ({}),
    },
    "project",
    "stack",
    false,
  );
  const spec = sampleDomain({ mx: [{ host: "mail.example.com" }], mtaSts: { mode: "enforce" }, ...publish });
  const platform = new MailPlatform("mail-platform", {
    accountId: "account",
    identity: { project: "project", stack: "stack" },
    directoryUrl: "https://ca.example.com/directory",
  });
  void new MailDomain("example.com", { spec, zone: { id: "zone", name: "example.com" }, platform });
  await pulumi.runtime.disconnect();
  return events;
}

const find = (events: readonly string[], word: string, part: string): number => {
  const index = events.findIndex((event) => event.startsWith(word) && event.includes(part));
  expect(index, `${word} ${part}`).not.toBe(-1);
  return index;
};

test("a digest of PACC is in DNS before its document, and the id of MTA-STS after its policy", async () => {
  const events = await register({});
  expect(find(events, "end", "/TXT/_ua-auto-config.")).toBeLessThan(find(events, "begin", "example.com/kv"));
  expect(find(events, "end", "example.com/kv")).toBeLessThan(find(events, "begin", "/TXT/_mta-sts."));
});

test("where a host of the operator's publishes, the records wait for nothing", async () => {
  const events = await register({ publish: { origin: "www.example.net" } });
  find(events, "end", "/TXT/_mta-sts.");
  find(events, "end", "/TXT/_ua-auto-config.");
  expect(events.some((event) => event.includes("example.com/kv"))).toBe(false);
});
