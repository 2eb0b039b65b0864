import { afterEach, beforeEach, describe, expect, test } from "vitest";
import Cloudflare from "cloudflare";
import { openCloudflareChallenges } from "../../../src/adapters/cloudflare/cloudflare-challenge.ts";
import type { ZonedChallengeStore } from "../../../src/certificates/challenges/challenge-delegation.ts";
import { sendJson, startLoopbackHttp, type LoopbackHttp, type Seen } from "../web/loopback-http.ts";
import type { ServerResponse } from "node:http";

const never = new AbortController().signal;
const name = "_acme-challenge.example.test";
const now = new Date("2026-11-23T12:00:00.000Z");

interface Stored {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly content: string;
  readonly ttl: number;
  readonly comment: string;
}

let records: Stored[];
let failCreation: ((record: Stored) => number | undefined) | undefined;
let server: LoopbackHttp;
let store: ZonedChallengeStore;

beforeEach(async () => {
  records = [];
  failCreation = undefined;
  server = await startLoopbackHttp(answer);
  const client = new Cloudflare({ apiToken: "token", baseURL: server.url, maxRetries: 0 });
  store = openCloudflareChallenges({
    client,
    zones: [
      { id: "z-example", name: "example.test" },
      { id: "z-eu", name: "eu.example.test" },
    ],
    owner: "0a1b2c3d",
    now: () => now,
  });
});

afterEach(async () => {
  await server.close();
});

test("says which zone holds a name, and that none does", () => {
  expect(store.zoneOf?.("_acme-challenge.mx.eu.example.test")).toBe("eu.example.test");
  expect(store.zoneOf?.("shared.acme.example.test")).toBe("example.test");
  expect(store.zoneOf?.("example.net")).toBeUndefined();
});

describe("publish", () => {
  test("adds one quoted TXT a value, short-lived and marked as ours, beside what is there", async () => {
    records.push(record("foreign", '"somebody else"', "by hand"));
    const published = await store.publish(name, ["one", "two"], never);
    expect(published).toEqual([
      { name, value: "one", recordId: "r1" },
      { name, value: "two", recordId: "r2" },
    ]);
    const comment = "mail-autodiscover challenge 0a1b2c3d 2026-11-23T12:00:00.000Z";
    expect(comment.length).toBeLessThanOrEqual(100);
    expect(JSON.parse(server.seen[0]?.body ?? "")).toEqual({
      type: "TXT",
      name,
      content: '"one"',
      ttl: 60,
      comment,
    });
    expect(records.map((each) => each.id)).toEqual(["foreign", "r1", "r2"]);
  });

  test("takes the closest zone", async () => {
    await store.publish("_acme-challenge.mx.eu.example.test", ["one"], never);
    expect(server.seen[0]?.path).toBe("/zones/z-eu/dns_records");
    await expect(store.publish("_acme-challenge.other.test", ["one"], never)).rejects.toMatchObject({
      code: "zone-not-found",
    });
  });

  test("takes over the identical record that a dead run left", async () => {
    records.push(record("left", '"one"', "mail-autodiscover challenge ffffffff 2026-11-23T11:59:00.000Z"));
    expect(await store.publish(name, ["one"], never)).toEqual([{ name, value: "one", recordId: "left" }]);
    expect(records).toHaveLength(1);
  });

  test("takes back what it made where a later value fails", async () => {
    records.push(record("foreign", '"two"', "by hand"));
    failCreation = ({ content }) => (content === '"three"' ? 500 : undefined);
    await expect(store.publish(name, ["one", "three"], never)).rejects.toMatchObject({
      code: "cloudflare-unavailable",
    });
    expect(records.map((each) => each.id)).toEqual(["foreign"]);
  });

  test("takes back a record whose creation was aborted before its id came", async () => {
    const abort = new AbortController();
    failCreation = () => {
      abort.abort(new Error("enough"));
      return undefined;
    };
    await expect(store.publish(name, ["one"], abort.signal)).rejects.toThrow("enough");
    expect(server.seen.map((each) => each.method)).toContain("DELETE");
    expect(records).toEqual([]);
  });

  test("a refused token is an error that does not show it", async () => {
    failCreation = () => 403;
    const error: unknown = await store.publish(name, ["one"], never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "cloudflare-token-refused" });
    expect(String(error)).not.toContain("Bearer");
  });
});

describe("remove", () => {
  test("deletes by id and takes a record that is gone for deleted", async () => {
    const published = await store.publish(name, ["one", "two"], never);
    records = records.filter((each) => each.id !== "r1");
    await store.remove(published, never);
    expect(records).toEqual([]);
  });

  test("goes on after a failure and then tells it", async () => {
    const published = await store.publish(name, ["one"], never);
    const broken = { name: "_acme-challenge.other.test", value: "x", recordId: "x" };
    await expect(store.remove([broken, ...published], never)).rejects.toMatchObject({
      code: "zone-not-found",
    });
    expect(records).toEqual([]);
  });
});

test("sweep removes our own records that are old enough, and nothing else", async () => {
  records.push(
    record("old", '"a"', "mail-autodiscover challenge ffffffff 2026-11-23T10:59:59.000Z"),
    record("young", '"b"', "mail-autodiscover challenge ffffffff 2026-11-23T11:30:00.000Z"),
    record("foreign", '"c"', "by hand 2026-11-23T10:00:00.000Z"),
    record("owned", '"d"', "mail-autodiscover project/stack 0a1b2c3d"),
    record("unreadable", '"e"', "mail-autodiscover challenge ffffffff yesterday"),
  );
  expect(await store.sweep([name], new Date("2026-11-23T11:00:00.000Z"), never)).toBe(1);
  expect(records.map((each) => each.id)).toEqual(["young", "foreign", "owned", "unreadable"]);
});

/** The part of the API that the store uses, with its error codes. */
function answer({ method, path, body }: Seen, response: ServerResponse): void {
  const url = new URL(path, "http://api.test");
  const id = /dns_records\/(.+)$/u.exec(url.pathname)?.[1];
  if (method === "GET") {
    const page = Number(url.searchParams.get("page") ?? "1");
    const wanted = url.searchParams.get("name.exact");
    const found = page === 1 ? records.filter((each) => each.name === wanted) : [];
    succeed(response, found);
  } else if (method === "DELETE") {
    if (!records.some((each) => each.id === id)) return fail(response, 404, 81044);
    records = records.filter((each) => each.id !== id);
    succeed(response, { id });
  } else {
    const wish = { id: `r${server.seen.length}`, ...(JSON.parse(body) as object) } as Stored;
    if (records.some((each) => each.name === wish.name && each.content === wish.content))
      return fail(response, 400, 81058);
    const status = failCreation?.(wish);
    if (status !== undefined) return fail(response, status, 1000);
    records.push(wish);
    succeed(response, wish);
  }
}

function succeed(response: ServerResponse, result: unknown): void {
  const count = Array.isArray(result) ? result.length : 1;
  sendJson(response, 200, {
    success: true,
    errors: [],
    messages: [],
    result,
    result_info: { page: 1, per_page: 100, count },
  });
}

function fail(response: ServerResponse, status: number, code: number): void {
  sendJson(response, status, {
    success: false,
    errors: [{ code, message: "no" }],
    messages: [],
    result: null,
  });
}

function record(id: string, content: string, comment: string): Stored {
  return { id, type: "TXT", name, content, ttl: 60, comment };
}
