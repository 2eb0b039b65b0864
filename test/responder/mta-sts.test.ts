import { expect, test } from "vitest";
import { renderMtaStsPolicy } from "../../src/documents/mta-sts-policy.ts";
import { respond } from "../../src/responder/respond.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { memoryTenants, NOW } from "./memory-responder.ts";

const withPolicy = sampleDomain({ mx: [{ host: "mx.example.com" }], mtaSts: { mode: "testing" } });
const tenants = memoryTenants([withPolicy, sampleDomain({ domain: "example.net" })]);
const POLICY = "https://mta-sts.example.com/.well-known/mta-sts.txt";

async function ask(url: string, method = "GET"): Promise<Response> {
  return respond(new Request(url, { method }), { tenants, now: () => NOW });
}

test("row 10: the policy is plain text with status 200, without a redirect", async () => {
  const response = await ask(POLICY);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(await response.text()).toBe(renderMtaStsPolicy(withPolicy));
});

test("row 10: HEAD has the same headers and no body", async () => {
  const response = await ask(POLICY, "HEAD");
  expect(response.status).toBe(200);
  expect(Number(response.headers.get("content-length"))).toBe(renderMtaStsPolicy(withPolicy)?.length);
  expect(await response.text()).toBe("");
});

test.each([
  ["a domain without a policy", "https://mta-sts.example.net/.well-known/mta-sts.txt"],
  ["a domain that nobody set up", "https://mta-sts.example.org/.well-known/mta-sts.txt"],
  ["the domain itself", "https://example.com/.well-known/mta-sts.txt"],
  ["another discovery name", "https://autoconfig.example.com/.well-known/mta-sts.txt"],
  ["another path", "https://mta-sts.example.com/mta-sts.txt"],
])("row 13: %s has none", async (_, url) => {
  expect((await ask(url)).status).toBe(404);
});

test("over http the policy's place is told, never the policy: RFC 8461 knows https only", async () => {
  const response = await ask(POLICY.replace("https:", "http:"));
  expect(response.status).toBe(301);
  expect(response.headers.get("location")).toBe(POLICY);
});

test("other methods are refused", async () => {
  expect((await ask(POLICY, "POST")).status).toBe(405);
  expect((await ask(POLICY, "OPTIONS")).status).toBe(200);
});

test("ua-auto-config is a name of its domain: a document at it is that of the domain", async () => {
  const response = await ask("https://ua-auto-config.example.com/mail/config-v1.1.xml");
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('emailProvider id="example.com"');
});
