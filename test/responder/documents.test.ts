import { expect, test } from "vitest";
import { renderMobileconfig } from "../../src/documents/mobileconfig.ts";
import { serverSettings } from "../documents/server-settings.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { ask } from "./memory-responder.ts";

const V2 = "https://autodiscover.example.com/autodiscover/autodiscover.json";
const PROFILE = "https://autoconfig.example.com/example.com.mobileconfig";

test("row 9: PACC is the exact text whose digest stands in DNS, as application/json, at its own name only", async () => {
  const path = "/.well-known/user-agent-configuration.json";
  const answer = await ask(`https://ua-auto-config.example.com${path}`);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(answer.body).toBe(serverSettings(sampleDomain()).pacc);
  for (const host of ["example.com", "autoconfig.example.com", "ua-auto-config.example.org"]) {
    expect((await ask(`https://${host}${path}`)).status).toBe(404);
  }
});

test.each(["AutodiscoverV1", "Autodiscoverv1", "AUTODISCOVERV1"])(
  "row 7: V2 leads to POX for the protocol %s, in query and path form, in any case of path and parameters",
  async (protocol) => {
    for (const url of [
      `${V2}?Email=alice%40example.com&Protocol=${protocol}&RedirectCount=1`,
      `${V2}?email=alice@example.com&protocol=${protocol}`,
      `${V2.replaceAll("autodiscover/a", "Autodiscover/A")}/v1.0/alice%40example.com?Protocol=${protocol}`,
      `https://example.com/AutoDiscover/AutoDiscover.json/V1.0/alice@example.com?PROTOCOL=${protocol}`,
    ]) {
      const { status, headers, body } = await ask(url);
      expect([status, JSON.parse(body)]).toEqual([
        200,
        {
          Protocol: "AutodiscoverV1",
          Url: "https://autodiscover.example.com/autodiscover/autodiscover.xml",
        },
      ]);
      expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  },
);

test("row 7: another protocol, or none, is 400 with its name stripped", async () => {
  const answer = await ask(`${V2}?Email=a%40example.com&Protocol=%3Cscript%3E%22'`);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ ErrorCode: "InvalidProtocol" });
  expect(answer.body).not.toMatch(/[<>]/);
  expect((await ask(V2)).status).toBe(400);
  for (const protocol of ["ActiveSync", "AutodiscoverV1"]) {
    const url = `${V2}?Protocol=${protocol}`;
    const [get, head] = [await ask(url), await ask(url, { method: "HEAD" })];
    expect(head).toMatchObject({ status: get.status, body: "" });
    expect(head.headers.get("content-length")).toBe(String(get.body.length));
  }
  expect((await ask(V2, { method: "POST" })).status).toBe(405);
});

test("row 7: a host of no tenant answers by the address, and without one not at all", async () => {
  const url = "https://script.account.workers.dev/autodiscover/autodiscover.json";
  expect((await ask(`${url}?Email=a%40example.com&Protocol=AutodiscoverV1`)).status).toBe(200);
  expect((await ask(`${url}/v1.0/a%40example.net?Protocol=AutodiscoverV1`)).body).toContain(
    "autodiscover.example.net",
  );
  for (const rest of ["", "/v1.0/%E0%A4@example.com", "?Email=a%40example.org", "?Email=example.com"]) {
    expect((await ask(`${url}${rest}`)).status).toBe(404);
  }
});

test.each([
  ["caldav", "https://dav.example.net/calendars/"],
  ["carddav", "https://dav.example.net/contacts/"],
  ["jmap", "https://jmap.example.net/.well-known/jmap"],
])("row 11: /.well-known/%s leads any method to the service", async (service, location) => {
  for (const method of ["GET", "HEAD", "PROPFIND", "OPTIONS", "REPORT", "POST"]) {
    const answer = await ask(`https://dav.example/.well-known/${service}`, { method });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, location]);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=3600");
  }
  expect((await ask(`https://example.com/.well-known/${service}`)).status).toBe(404);
});

test("row 12: the profile is an attachment, at its own path and at a short one, of the autoconfig name", async () => {
  for (const url of [PROFILE, "https://autoconfig.example.com/mobileconfig"]) {
    const answer = await ask(url);
    expect(answer.headers.get("content-type")).toBe("application/x-apple-aspen-config");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="example.com.mobileconfig"');
    expect(answer.body).toBe(renderMobileconfig(serverSettings(sampleDomain())));
  }
  for (const url of [
    "https://example.com/mobileconfig",
    "https://autoconfig.example.com/example.net.mobileconfig",
    "https://autoconfig.example.org/mobileconfig",
    "https://autoconfig.starttls.example/mobileconfig",
  ]) {
    expect((await ask(url)).status).toBe(404);
  }
});

test("row 12: where there is a signed profile, its bytes are served and the settings are not looked at", async () => {
  const signed = Uint8Array.of(0x30, 0x82, 0x00, 0xff);
  const answer = await ask(
    "https://autoconfig.signed.example/mobileconfig",
    {},
    { "signed.example": signed },
  );
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-length")).toBe("4");
  expect(answer.headers.get("content-disposition")).toContain("signed.example.mobileconfig");
});
