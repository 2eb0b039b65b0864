import { describe, expect, test } from "vitest";
import type { MemoryServer } from "../../../clients/memory-world.ts";
import { checkHsts } from "../../../../src/doctor/checks/web/hsts.ts";
import { foreignSubject, HTML, troublesOf } from "../check-subject.ts";

const FOR_ALL = "max-age=31536000; includeSubDomains";

/** What is said of a promise at the apex, where autoconfig is served so. */
async function look(autoconfig: MemoryServer, policy: string = FOR_ALL): Promise<string | undefined> {
  const headers = { "strict-transport-security": policy, ...HTML };
  const subject = foreignSubject({
    zones: { "example.com": ["example.com A 203.0.113.79", "autoconfig.example.com A 203.0.113.80"] },
    servers: {
      // The site itself is elsewhere: what it promises on the way counts.
      "203.0.113.79": {
        https: () => ({ status: 301, headers: { location: "https://www.example.com/", ...headers } }),
      },
      "203.0.113.80": autoconfig,
    },
  });
  return (await troublesOf(checkHsts, subject))[0];
}

const http = (): { status: number } => ({ status: 200 });

describe("HSTS for all names below the domain, and a document over http", () => {
  test.each<[string, MemoryServer]>([
    ["and nothing on 443", { tls: "none", http }],
    ["and https of another name", { tls: "wrong-name", https: http, http }],
    ["and a https that does not have it", { https: () => ({ status: 404 }), http }],
    ["and a https that leads to a home page", { https: () => ({ status: 302 }), http }],
  ])("%s", async (_, server) => {
    expect(await look(server)).toBe(
      `fail hsts GET https://example.com/: ${FOR_ALL}, and the document of autoconfig.example.com only over http`,
    );
  });

  test.each<[string, MemoryServer]>([
    ["and over https as well", { https: http, http }],
    ["no more: http leads to https", { https: http, http: () => ({ status: 301 }) }],
    ["at a host that does not answer, which proves nothing", { blackHole: true, http }],
  ])("%s, is no trouble", async (_, server) => {
    expect(await look(server)).toBeUndefined();
  });

  test.each([
    "max-age=31536000",
    "max-age=0; includeSubDomains",
    'max-age="0";includeSubDomains',
    "max-age=31536000, max-age=31536000; includeSubDomains",
    "",
  ])("is nobody's trouble with the promise %j", async (policy) => {
    expect(await look({ tls: "none", http }, policy)).toBeUndefined();
  });
});
