import { expect, onTestFinished, test, vi } from "vitest";
import { deriveClientSettings, renderClientSettings } from "../../src/documents/client-settings.ts";
import worker from "../../src/responder/worker.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { AUTOCONFIG, poxRequest, WORKERS_DEV } from "./memory-responder.ts";

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

test("the Worker reads one KV entry for a request, and none for the next one of the same domain", async () => {
  const reads: string[] = [];
  const entries: Readonly<Record<string, string>> = {
    "example.com": renderClientSettings(deriveClientSettings(sampleDomain())),
    "signed.example/profile": btoa("signed"),
  };
  const get = async (key: string): Promise<string | null> => {
    reads.push(key);
    return entries[key] ?? null;
  };
  const environment = { MAIL_DOMAINS: { get } };
  const ask = async (url: string, init: RequestInit = {}): Promise<Response> =>
    worker.fetch(new Request(url, init), environment);
  for (let request = 0; request < 3; request += 1) expect((await ask(AUTOCONFIG)).status).toBe(200);
  expect(reads).toEqual(["example.com"]);
  reads.length = 0;
  const profile = await ask("https://autoconfig.signed.example/mobileconfig");
  expect(await profile.text()).toBe("signed");
  expect(reads).toEqual(["signed.example/profile"]);
  reads.length = 0;
  for (let request = 0; request < 3; request += 1) await ask("https://autoconfig.unknown.example/");
  expect(reads).toEqual(["unknown.example"]);
});

test("a request at the Worker's own name costs the entry of the address only", async () => {
  const reads: string[] = [];
  const get = async (key: string): Promise<string | null> => {
    reads.push(key);
    return renderClientSettings(deriveClientSettings(sampleDomain()));
  };
  const init = { method: "POST", body: poxRequest("alice@example.com") };
  const answer = await worker.fetch(new Request(WORKERS_DEV, init), { MAIL_DOMAINS: { get } });
  expect(await answer.text()).toContain("<LoginName>alice@example.com</LoginName>");
  expect(reads).toEqual(["example.com"]);
});

test("where KV cannot be read, a known domain is answered as before, and any other one is text that says try later", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const entry = renderClientSettings(deriveClientSettings(sampleDomain()));
  let isDown = false;
  const get = async (): Promise<string | null> => {
    if (isDown) throw new Error("KV GET failed: 500 Internal Server Error");
    return entry;
  };
  const environment = { MAIL_DOMAINS: { get } };
  const ask = async (url: string): Promise<Response> => worker.fetch(new Request(url), environment);
  const text = await (await ask(AUTOCONFIG)).text();
  isDown = true;
  vi.advanceTimersByTime(61_000);
  expect(await (await ask(AUTOCONFIG)).text()).toBe(text);
  const unknown = await ask(AUTOCONFIG.replace("example.com", "example.net"));
  expect(unknown.status).toBe(503);
  expect(unknown.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(unknown.headers.get("retry-after")).toBe("60");
});
