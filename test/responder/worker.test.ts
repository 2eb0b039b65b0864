import { expect, test } from "vitest";
import { deriveClientSettings, renderClientSettings } from "../../src/documents/client-settings.ts";
import worker from "../../src/responder/worker.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { AUTOCONFIG } from "./memory-responder.ts";

async function statusWith(entries: Readonly<Record<string, string>>): Promise<number> {
  const get = async (key: string): Promise<string | null> => entries[key] ?? null;
  return (await worker.fetch(new Request(AUTOCONFIG), { MAIL_DOMAINS: { get } })).status;
}

test("the Worker reads a domain's settings from the KV entry of its name", async () => {
  expect(
    await statusWith({ "example.com": renderClientSettings(deriveClientSettings(sampleDomain())) }),
  ).toBe(200);
});

test("a missing entry, and one of another version, are an unknown domain", async () => {
  expect(await statusWith({})).toBe(404);
  expect(await statusWith({ "example.com": '{"version":2,"domain":"example.com"}' })).toBe(404);
  expect(await statusWith({ "example.com": "x" })).toBe(404);
});
