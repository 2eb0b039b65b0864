import { describe, expect, test } from "vitest";
import { answerRequest } from "../../../../infra/sandbox/edge/answer-request.ts";
import type { EdgeRecord, EdgeRoute } from "../../../../infra/sandbox/edge/edge-world.ts";
import { memoryWorld } from "./memory-world.ts";

const encoder = new TextEncoder();
const originless = { type: "AAAA", content: "100::", proxied: true } as const;

interface Place {
  readonly records: readonly EdgeRecord[];
  readonly foreignRecords?: readonly EdgeRecord[];
  readonly routes?: readonly EdgeRoute[];
  readonly customDomains?: readonly { readonly hostname: string; readonly service: string }[];
}

/** Says who answers: a Worker by its name, the origin by its address, or the edge by its page. */
async function answererOf(place: Place, url: string): Promise<string> {
  const world = memoryWorld(place);
  const { protocol, host, pathname, search } = new URL(url);
  let origin: string | undefined;
  const reply = await answerRequest(
    {
      world,
      workers: {
        dispatch: (name) =>
          Promise.resolve({ status: 200, headers: [], body: encoder.encode(`worker ${name}`) }),
        close: () => Promise.resolve(),
      },
      resolveOrigin: (content) => {
        origin = content;
        return undefined;
      },
    },
    {
      scheme: protocol === "https:" ? "https" : "http",
      authority: host,
      pathAndQuery: pathname + search,
      method: "GET",
      headers: [],
      body: new Uint8Array(),
      clientAddress: "127.0.0.1",
    },
  );
  if (origin !== undefined) return `origin ${origin}`;
  return `${String(reply.status)} ${new TextDecoder().decode(reply.body).trim()}`;
}

describe("routes on a proxied apex with somebody's site behind it", () => {
  const records = [{ type: "A", name: "example.test", content: "203.0.113.80", proxied: true }];
  const ours = [
    "example.test/autodiscover/*",
    "example.test/Autodiscover/*",
    "example.test/AutoDiscover/*",
    "example.test/.well-known/autoconfig/*",
  ].map((pattern) => ({ pattern, script: "responder" }));

  test.each([
    ["http://example.test/autodiscover/autodiscover.xml", "200 worker responder"],
    ["https://example.test/Autodiscover/Autodiscover.xml?x=1", "200 worker responder"],
    ["https://example.test/AutoDiscover/AutoDiscover.xml", "200 worker responder"],
    [
      "https://EXAMPLE.test/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=a%40example.test",
      "200 worker responder",
    ],
    ["https://example.test/AUTODISCOVER/autodiscover.xml", "origin 203.0.113.80"],
    ["https://example.test/.well-known/security.txt", "origin 203.0.113.80"],
    ["https://example.test/", "origin 203.0.113.80"],
  ])("the documents are ours, in three spellings, and the site is theirs: %s", async (url, answerer) => {
    expect(await answererOf({ records, routes: ours }, url)).toBe(answerer);
  });

  test.each([
    ["https://example.test/autodiscover/autodiscover.xml", "200 worker responder"],
    ["https://example.test/blog", "200 worker their-site"],
  ])("the more specific route wins over a Worker on the whole site: %s", async (url, answerer) => {
    const routes = [{ pattern: "example.test/*", script: "their-site" }, ...ours];
    expect(await answererOf({ records, routes }, url)).toBe(answerer);
  });

  test("a pattern without a final asterisk does not match a URL with a query", async () => {
    const routes = [{ pattern: "example.test/autodiscover/autodiscover.xml", script: "responder" }];
    const url = "https://example.test/autodiscover/autodiscover.xml";
    expect(await answererOf({ records, routes }, url)).toBe("200 worker responder");
    expect(await answererOf({ records, routes }, `${url}?x`)).toBe("origin 203.0.113.80");
  });

  test("an apex that is not proxied never reaches the edge's routes", async () => {
    const direct = records.map((record) => ({ ...record, proxied: false }));
    const url = "https://example.test/autodiscover/autodiscover.xml";
    expect(await answererOf({ records: direct, routes: ours }, url)).toBe("409 error code: 1001");
  });
});

describe("custom domains of deeper names", () => {
  const hostname = "autodiscover.dept.example.test";
  const place = {
    records: [{ ...originless, name: hostname }],
    customDomains: [{ hostname, service: "responder" }],
  };

  test("answer on every path and over both schemes", async () => {
    for (const url of [`https://${hostname}/Autodiscover/a.xml?x`, `http://${hostname}/`]) {
      expect(await answererOf(place, url)).toBe("200 worker responder");
    }
  });

  test("give way to a route on the same host, and to one that switches Workers off", async () => {
    const routes = [
      { pattern: "*.dept.example.test/theirs/*", script: "their-worker" },
      { pattern: `${hostname}/off*` },
    ];
    expect(await answererOf({ ...place, routes }, `https://${hostname}/theirs/x`)).toBe(
      "200 worker their-worker",
    );
    expect(await answererOf({ ...place, routes }, `https://${hostname}/off`)).toBe("522 error code: 522");
    expect(await answererOf({ ...place, routes }, `https://${hostname}/x`)).toBe("200 worker responder");
  });
});

describe("an alias into another account", () => {
  const foreignRecords = [
    { type: "A", name: "app.other.test", content: "203.0.113.90", proxied: true },
    { type: "A", name: "direct.other.test", content: "203.0.113.91", proxied: false },
  ];
  const alias = (content: string, proxied: boolean): Place => ({
    foreignRecords,
    records: [
      { type: "CNAME", name: "autoconfig.example.test", content, proxied },
      { type: "CNAME", name: "hop.example.test", content: "app.other.test", proxied: false },
    ],
    routes: [{ pattern: "autoconfig.example.test/*", script: "responder" }],
  });
  const url = "https://autoconfig.example.test/mail/config-v1.1.xml";

  test.each([
    ["proxied", alias("app.other.test", true)],
    ["DNS-only", alias("app.other.test", false)],
    ["over a second alias", alias("hop.example.test", false)],
  ])("to a proxied name is 403 with error 1014: %s", async (_title, place) => {
    expect(await answererOf(place, url)).toBe("403 error code: 1014");
  });

  test("to a name that is DNS-only there is an origin like any other", async () => {
    const place = { ...alias("direct.other.test", true), routes: [] };
    expect(await answererOf(place, url)).toBe("origin 203.0.113.91");
  });

  test("is nothing for the other account's own names", async () => {
    expect(await answererOf({ records: [], foreignRecords }, "https://app.other.test/")).toBe(
      "origin 203.0.113.90",
    );
  });
});
