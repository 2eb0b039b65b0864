import { expect, test } from "vitest";
import { followRedirects, redirectTarget } from "../../../src/clients/ladder/follow-redirects.ts";
import { Trace } from "../../../src/clients/ladder/trace.ts";
import type { World, WorldRequest, WorldResponse } from "../../../src/clients/world/world.ts";

type Answers = Readonly<Record<string, readonly [number, string?]>>;

function redirectingWorld(answers: Answers, asked: WorldRequest[] = []): World {
  return {
    resolve: async () => ({ state: "absent" }),
    probe: async () => ({ outcome: "refused", detail: "" }),
    request: async (request) => {
      asked.push(request);
      const [status, location] = answers[request.url] ?? [404];
      return answer(status, location);
    },
  };
}

function answer(status: number, location?: string, tlsError?: string): WorldResponse {
  const headers: Record<string, string> = location === undefined ? {} : { location };
  return { state: "answered", status, headers, body: "", tlsError, ms: 10 };
}

const read = (response: WorldResponse) =>
  ({ answer: response.state === "answered" ? String(response.status) : "", effect: "passed" }) as const;

test("redirects are followed to the last place, each as a step of its own", async () => {
  const world = redirectingWorld({
    "https://a.test/": [302, "/next"],
    "https://a.test/next": [301, "https://b.test/x"],
    "https://b.test/x": [200],
  });
  const trace = Trace.begin(world);
  const arrival = await followRedirects(
    trace,
    "autoconfig",
    { method: "GET", url: "https://a.test/" },
    { most: 10 },
    read,
  );
  expect(arrival).toMatchObject({ url: "https://b.test/x", wasRedirected: true });
  expect(trace.steps.map((step) => step.answer)).toEqual([
    "302 to https://a.test/next",
    "301 to https://b.test/x",
    "200",
  ]);
  expect(trace.elapsedMs).toBe(30);
});

test.each([
  [302, "GET", undefined],
  [303, "GET", undefined],
  [307, "POST", "body"],
  [308, "POST", "body"],
] as const)("a POST goes on after %i as %s", async (status, method, body) => {
  const asked: WorldRequest[] = [];
  const world = redirectingWorld({ "https://a.test/": [status, "https://b.test/"] }, asked);
  const request = { method: "POST", url: "https://a.test/", body: "body" } as const;
  await followRedirects(Trace.begin(world), "POX", request, { most: 1 }, read);
  expect(asked[1]).toMatchObject({ method, url: "https://b.test/" });
  expect(asked[1]?.body).toBe(body);
});

test("a circle ends after as many redirects as the client follows", async () => {
  const asked: WorldRequest[] = [];
  const world = redirectingWorld({ "https://a.test/": [302, "https://a.test/"] }, asked);
  const arrival = await followRedirects(
    Trace.begin(world),
    "x",
    { method: "GET", url: "https://a.test/" },
    { most: 3 },
    read,
  );
  expect(asked).toHaveLength(4);
  expect(arrival.response).toMatchObject({ status: 302 });
});

test("where the client does not go, the redirect itself is the answer", async () => {
  const world = redirectingWorld({ "https://a.test/": [302, "http://b.test/"] });
  const arrival = await followRedirects(
    Trace.begin(world),
    "x",
    { method: "GET", url: "https://a.test/" },
    { most: 3, accepts: (_from, to) => to.startsWith("https:") },
    read,
  );
  expect(arrival).toMatchObject({ url: "https://a.test/", wasRedirected: false });
});

test("a redirect over an untrusted connection, to another scheme, or without a place leads nowhere", () => {
  const from = "https://a.test/";
  expect(redirectTarget(answer(302, "/x"), from)).toBe("https://a.test/x");
  expect(redirectTarget(answer(302, "/x", "self-signed"), from)).toBeUndefined();
  expect(redirectTarget(answer(302, "ftp://a.test/"), from)).toBeUndefined();
  expect(redirectTarget(answer(302), from)).toBeUndefined();
  expect(redirectTarget(answer(200, "/x"), from)).toBeUndefined();
});

test("the password does not go along to another origin", async () => {
  const asked: WorldRequest[] = [];
  const world = redirectingWorld(
    { "https://a.test/": [307, "/next"], "https://a.test/next": [307, "https://b.test/"] },
    asked,
  );
  const request = { method: "POST", url: "https://a.test/", withPassword: true } as const;
  await followRedirects(Trace.begin(world), "POX", request, { most: 10 }, read);
  expect(asked.map(({ withPassword }) => withPassword ?? false)).toEqual([true, true, false]);
});
