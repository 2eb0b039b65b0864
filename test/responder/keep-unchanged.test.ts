import { afterEach, expect, test, vi } from "vitest";
import { deriveClientSettings, renderClientSettings } from "../../src/documents/client-settings.ts";
import { cacheLoads } from "../../src/responder/bounded-cache.ts";
import { keepUnchanged } from "../../src/responder/keep-unchanged.ts";
import worker from "../../src/responder/worker.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { AUTOCONFIG } from "./memory-responder.ts";

afterEach(() => void vi.restoreAllMocks());

interface Parsed {
  readonly value: string;
}

const parsed = (text: string): Parsed | undefined => (text === "bad" ? undefined : { value: text });

test("a text that did not change gives the object that it gave before, another one a new object", () => {
  const parse = keepUnchanged(parsed);
  const first = parse("a", undefined);
  expect(parse("a", first)).toBe(first);
  expect(parse("a", undefined)).not.toBe(first);
  expect(parse("b", first)).toEqual({ value: "b" });
  expect(parse("bad", first)).toBeUndefined();
  expect(parse("a", { value: "a" })).toEqual({ value: "a" });
});

test("a cache tells its loader the value whose life is over, and none of another key", async () => {
  const formers: (string | undefined)[] = [];
  let now = 0;
  const get = cacheLoads(
    async (key: string, former: string | undefined) => {
      formers.push(former);
      return `${key}${formers.length}`;
    },
    () => now,
    { lifeMs: 10, absentLifeMs: 1, size: 3 },
  );
  await get("a");
  await get("b");
  now = 10;
  expect(await get("a")).toBe("a3");
  expect(formers).toEqual([undefined, undefined, "a1"]);
});

test("the Worker serves a changed entry after a minute, and the same bytes where nothing changed", async () => {
  const now = vi.spyOn(Date, "now").mockReturnValue(0);
  let reads = 0;
  let entry = renderClientSettings(deriveClientSettings(sampleDomain()));
  const get = async (): Promise<string> => {
    reads += 1;
    return entry;
  };
  const environment = { MAIL_DOMAINS: { get } };
  const ask = async (): Promise<string> => (await worker.fetch(new Request(AUTOCONFIG), environment)).text();
  const first = await ask();
  now.mockReturnValue(60_000);
  expect(await ask()).toBe(first);
  expect(reads).toBe(2);
  entry = renderClientSettings(deriveClientSettings(sampleDomain({ displayName: "Renamed" })));
  expect(await ask()).toBe(first);
  now.mockReturnValue(120_000);
  expect(await ask()).toContain("Renamed");
  expect(reads).toBe(3);
});
