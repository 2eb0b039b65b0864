import { expect, test } from "vitest";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import { serverSettings } from "../documents/server-settings.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { ask, AUTOCONFIG, AUTOCONFIG_PATHS } from "./memory-responder.ts";

const document = renderAutoconfigXml(serverSettings(sampleDomain()));

test("row 1: autoconfig is the same document with or without emailaddress, placeholders untouched", async () => {
  const queries = [
    "",
    "?emailaddress=alice%40example.com",
    "?emailaddress=",
    "?emailaddress=bob@example.net",
    "?x=1",
  ];
  for (const query of queries) {
    expect(await ask(`${AUTOCONFIG}${query}`)).toMatchObject({ status: 200, body: document });
  }
  expect(document).toContain("<username>%EMAILADDRESS%</username>");
});

test("row 1: autoconfig is text/xml in UTF-8, open to every origin, and kept for an hour at most", async () => {
  const { headers } = await ask(AUTOCONFIG);
  expect(headers.get("content-type")).toBe("text/xml; charset=utf-8");
  expect(headers.get("access-control-allow-origin")).toBe("*");
  expect(Number(/max-age=(\d+)/.exec(headers.get("cache-control") ?? "")?.[1])).toBeLessThanOrEqual(3600);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("row 2: the well-known path gives the same bytes, at the domain and at its autoconfig name", async () => {
  for (const host of ["example.com", "autoconfig.example.com"]) {
    expect(await ask(`https://${host}${AUTOCONFIG_PATHS[1]}`)).toMatchObject({ status: 200, body: document });
  }
});

test("a document that the client has already is answered with 304 and no body", async () => {
  const etag = (await ask(AUTOCONFIG)).headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const answer = await ask(AUTOCONFIG, { headers: { "if-none-match": known } });
    expect(answer).toMatchObject({ status: 304, body: "" });
    expect(answer.headers.get("etag")).toBe(etag);
  }
  expect((await ask(AUTOCONFIG, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
});

test("documents of different domains have different tags", async () => {
  const [one, two] = [await ask(AUTOCONFIG), await ask(AUTOCONFIG.replace("example.com", "example.net"))];
  expect(one.headers.get("etag")).not.toBe(two.headers.get("etag"));
});

test("HEAD has the headers of GET and no body", async () => {
  const [get, head] = [await ask(AUTOCONFIG), await ask(AUTOCONFIG, { method: "HEAD" })];
  expect(head).toMatchObject({ status: 200, body: "" });
  expect([...head.headers]).toEqual([...get.headers]);
  expect(head.headers.get("content-length")).toBe(String(new TextEncoder().encode(document).byteLength));
});

test("OPTIONS names the methods with 200, not with 204; another method is refused with them", async () => {
  const options = await ask(AUTOCONFIG, { method: "OPTIONS" });
  expect(options).toMatchObject({ status: 200, body: "" });
  expect(options.headers.get("content-length")).toBe("0");
  expect(options.headers.get("access-control-allow-methods")).toBe("GET, HEAD, OPTIONS");
  const put = await ask(AUTOCONFIG, { method: "PUT", body: "x" });
  expect(put.status).toBe(405);
  expect(put.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
});

test("row 3: over plain HTTP, autoconfig redirects to https with path and query", async () => {
  for (const path of AUTOCONFIG_PATHS) {
    const answer = await ask(`http://autoconfig.example.com:80${path}?emailaddress=alice%40example.com`);
    expect(answer.status).toBe(301);
    expect(answer.headers.get("location")).toBe(
      `https://autoconfig.example.com${path}?emailaddress=alice%40example.com`,
    );
  }
});

test("the host's case, final dot and port do not matter", async () => {
  for (const host of ["AUTOCONFIG.Example.COM", "autoconfig.example.com.", "autoconfig.example.com:8443"]) {
    expect((await ask(`https://${host}${AUTOCONFIG_PATHS[0]}`)).body).toBe(document);
  }
});

test("an internationalized domain answers at its A-label host", async () => {
  const answer = await ask(`https://autoconfig.bücher.example${AUTOCONFIG_PATHS[0]}`);
  expect(answer.body).toContain("<domain>xn--bcher-kva.example</domain>");
});

test("a provider's host, which is no tenant, answers by the address in the query, as Thunderbird asks by the MX", async () => {
  const url = `https://autoconfig.example.org${AUTOCONFIG_PATHS[0]}`;
  expect((await ask(`${url}?emailaddress=alice%40example.com`)).body).toBe(document);
  expect((await ask(`${url}?EmailAddress=alice@example.com`)).body).toBe(document);
  for (const query of ["?emailaddress=alice%40example.edu", "?emailaddress=alice", "?emailaddress=%", ""]) {
    expect((await ask(`${url}${query}`)).status).toBe(404);
  }
});
