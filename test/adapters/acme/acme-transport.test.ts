import { axios } from "acme-client";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openAcmeService, type CountingAcmeService } from "../../../src/adapters/acme/acme-client.ts";
import { openRenewalInfo } from "../../../src/adapters/acme/acme-renewal-info.ts";
import { rateLimitEnd } from "../../../src/adapters/acme/acme-retry-after.ts";
import { acmeProblemOf, parseAcmeProblem } from "../../../src/certificates/acme-problem.ts";
import { createCertificateKey } from "../../../src/certificates/certificate-key.ts";
import { sendJson, startLoopbackHttp, type LoopbackHttp, type Seen } from "../web/loopback-http.ts";
import type { ServerResponse } from "node:http";

const never = new AbortController().signal;
let accountKeyPem: string;
let server: LoopbackHttp;

beforeAll(async () => {
  accountKeyPem = await createCertificateKey("P-256");
});

afterEach(async () => {
  await server?.close();
});

/** A CA of which only the answers to newOrder and other addresses are given. */
async function startCa(answer: (seen: Seen, response: ServerResponse) => void): Promise<CountingAcmeService> {
  let nonce = 0;
  server = await startLoopbackHttp((seen, response) => {
    nonce += 1;
    response.setHeader("replay-nonce", `nonce${nonce}`);
    const url = server.url;
    if (seen.path === "/dir") {
      sendJson(response, 200, {
        newNonce: `${url}/nonce`,
        newAccount: `${url}/account`,
        newOrder: `${url}/order`,
      });
    } else if (seen.path === "/nonce") response.writeHead(200).end();
    else if (seen.path === "/account")
      sendJson(response, 200, { status: "valid" }, { location: `${url}/account/1` });
    else answer(seen, response);
  });
  const acme = openAcmeService({ directoryUrl: `${server.url}/dir`, accountKeyPem });
  await acme.findAccount(never);
  return acme;
}

const order = { names: ["example.test"], profile: undefined, replaces: undefined };

function problem(type: string, detail: string): object {
  return { type: `urn:ietf:params:acme:error:${type}`, detail };
}

describe("a CA that cannot be reached", () => {
  test("is an error with the address and the reason, within seconds", async () => {
    server = await startLoopbackHttp(() => undefined);
    const { url } = server;
    await server.close();
    const acme = openAcmeService({ directoryUrl: `${url}/dir`, accountKeyPem });
    server = await startLoopbackHttp(() => undefined);
    await expect(acme.findAccount(never)).rejects.toMatchObject({
      code: "acme-unreachable",
      retryable: true,
      message: `The CA did not answer GET ${url}/dir: ECONNREFUSED.`,
    });
    expect(acme.requestCount).toBe(3);
  });

  test("ends at once when the caller aborts", async () => {
    const acme = await startCa(() => undefined);
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await expect(acme.newOrder(order, abort.signal)).rejects.toThrow("enough");
  });

  test.each([
    [
      "a page instead of a directory",
      (response: ServerResponse) => response.end("<html>"),
      "not the answer of an ACME server",
    ],
    [
      "a redirect",
      (response: ServerResponse) => response.writeHead(302, { location: "/login" }).end(),
      "redirect to /login",
    ],
  ])("because %s comes is said", async (_, answer, message) => {
    server = await startLoopbackHttp((_seen, response) => answer(response));
    const acme = openAcmeService({ directoryUrl: `${server.url}/dir`, accountKeyPem });
    await expect(acme.findAccount(never)).rejects.toMatchObject({
      code: "acme-unreachable",
      message: expect.stringContaining(message) as string,
    });
  });

  test("is asked over TLS alone, unless it is on loopback", async () => {
    const acme = openAcmeService({ directoryUrl: "http://ca.example.com/dir", accountKeyPem });
    await expect(acme.findAccount(never)).rejects.toMatchObject({ code: "invalid-config" });
    expect(acme.requestCount).toBe(1);
  });
});

describe("a rate limit", () => {
  test("of 34 hours is an immediate error with the time", async () => {
    const acme = await startCa((_, response) => {
      const body = problem(
        "rateLimited",
        "too many certificates (5) already issued for this exact set of identifiers",
      );
      sendJson(response, 429, body, { "retry-after": "122400" });
    });
    const started = Date.now();
    const error: unknown = await acme.newOrder(order, never).catch((reason: unknown) => reason);
    expect(Date.now() - started).toBeLessThan(1000);
    expect(error).toMatchObject({ code: "acme-rate-limited", retryable: true });
    const { retryAt } = error as { retryAt: Date };
    expect(Math.abs(retryAt.getTime() - started - 122_400_000)).toBeLessThan(5000);
    expect(String(error)).toContain(`next possible at ${retryAt.toISOString()}`);
    expect(acmeProblemOf(error)?.type).toBe("rateLimited");
  });

  test("at the edge (503 with a time) is the same error", async () => {
    const acme = await startCa((_, response) =>
      response.writeHead(503, { "retry-after": "7" }).end("Service busy"),
    );
    await expect(acme.newOrder(order, never)).rejects.toMatchObject({ code: "acme-rate-limited" });
  });

  test("tells its end in the header, in words, or not at all", () => {
    const now = new Date("2026-11-23T00:00:00Z");
    const words = parseAcmeProblem({ detail: "too many, retry after 2026-11-24 10:00:00 UTC: see" }, 429);
    expect(rateLimitEnd(words, "60", now).toISOString()).toBe("2026-11-23T00:01:00.000Z");
    expect(rateLimitEnd(words, "Tue, 24 Nov 2026 00:00:00 GMT", now).toISOString()).toBe(
      "2026-11-24T00:00:00.000Z",
    );
    expect(rateLimitEnd(words, undefined, now).toISOString()).toBe("2026-11-24T10:00:00.000Z");
    expect(rateLimitEnd(parseAcmeProblem({}, 429), undefined, now).toISOString()).toBe(
      "2026-11-23T00:10:00.000Z",
    );
  });
});

describe("a refusal", () => {
  test("keeps the CA's problem document, name by name", async () => {
    const acme = await startCa((_, response) => {
      const sub = {
        ...problem("caa", "CAA record prevents issuance"),
        identifier: { type: "dns", value: "a.example.test" },
      };
      const body = { ...problem("compound", "Errors with several names"), subproblems: [sub] };
      sendJson(response, 403, body, { "content-type": "application/problem+json" });
    });
    const error: unknown = await acme.newOrder(order, never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "acme-refused",
      message:
        "The CA refused to order example.test: Errors with several names (compound); a.example.test: CAA record prevents issuance (caa)",
    });
    expect(acmeProblemOf(error)?.subproblems).toEqual([
      { name: "a.example.test", type: "caa", detail: "CAA record prevents issuance" },
    ]);
  });

  test("with status 500 but a problem document is a refusal too (Pebble, of an unknown predecessor)", async () => {
    const acme = await startCa((_, response) => {
      sendJson(response, 500, problem("serverInternal", "could not find an order"), {
        "content-type": "application/problem+json",
      });
    });
    await expect(acme.newOrder(order, never)).rejects.toMatchObject({
      code: "acme-refused",
      retryable: true,
    });
  });
});

describe("a fault of the CA", () => {
  test("is tried again where the request only reads", async () => {
    let count = 0;
    const acme = await startCa((_, response) => {
      count += 1;
      if (count < 3) response.writeHead(502).end();
      else
        sendJson(response, 200, { status: "ready", authorizations: [], finalize: `${server.url}/finalize` });
    });
    await expect(acme.getOrder(`${server.url}/order/1`, never)).resolves.toMatchObject({ status: "ready" });
    expect(count).toBe(3);
  });

  test("is not where the request may have made something", async () => {
    let count = 0;
    const acme = await startCa((_, response) => {
      count += 1;
      response.writeHead(502).end();
    });
    await expect(acme.newOrder(order, never)).rejects.toMatchObject({ code: "acme-unreachable" });
    expect(count).toBe(1);
  });
});

test("nonces come from the answers: one HEAD newNonce is enough for a session", async () => {
  const acme = await startCa((_, response) =>
    sendJson(response, 200, { status: "ready", authorizations: [], finalize: `${server.url}/finalize` }),
  );
  await acme.getOrder(`${server.url}/order/1`, never);
  await acme.getOrder(`${server.url}/order/1`, never);
  expect(server.seen.map((each) => `${each.method} ${each.path}`)).toEqual([
    "GET /dir",
    "HEAD /nonce",
    "POST /account",
    "POST /order/1",
    "POST /order/1",
  ]);
  expect(server.seen[3]?.headers).toMatchObject({
    "content-type": "application/jose+json",
    "user-agent": expect.stringMatching(/^pulumi-mail-autodiscover /u) as string,
  });
});

test("a connection goes where connectTo says, under the name of the address", async () => {
  server = await startLoopbackHttp((seen, response) => sendJson(response, 200, { host: seen.headers.host }));
  const { port } = new URL(server.url);
  const acme = openRenewalInfo("http://localhost:8555/dir", {
    connectTo: [`localhost:8555:127.0.0.1:${port}`],
  });
  await expect(acme.renewalInfo("a.b", never)).rejects.toMatchObject({ code: "acme-unreachable" });
  expect(server.seen[0]?.headers.host).toBe("localhost:8555");
});

test("who uses acme-client's HTTP elsewhere in the process keeps it", async () => {
  const acme = await startCa((_, response) => sendJson(response, 200, { hello: "world" }));
  const before = acme.requestCount;
  await expect(axios.get(`${server.url}/other`)).resolves.toMatchObject({
    status: 200,
    data: { hello: "world" },
  });
  expect(acme.requestCount).toBe(before);
});
