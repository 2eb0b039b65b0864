import { expect, test } from "vitest";
import type { WorldRequest, WorldResponse } from "../../src/clients/world.ts";
import { checkDocuments } from "../../src/doctor/check-documents.ts";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import { serverSettings } from "../documents/server-settings.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { answered, plannedWorld, type Faults } from "./planned-world.ts";

const options = { zone: "example.com" };
const XML = { "content-type": "text/xml; charset=utf-8" };

async function statuses(domain: MailDomain, faults: Faults = {}): Promise<readonly string[]> {
  const findings = await checkDocuments(domain, plannedWorld(domain, { zone: domain.domain }, faults));
  return findings.map(({ status }) => status);
}

/** What the check says of plain autoconfig where the world answers it with `response`. */
async function autoconfigWith(response: WorldResponse): Promise<unknown> {
  const domain = sampleDomain();
  const request = ({ url }: WorldRequest): WorldResponse | undefined =>
    url.endsWith("/mail/config-v1.1.xml") ? response : undefined;
  const findings = await checkDocuments(domain, plannedWorld(domain, options, { request }));
  return findings[1];
}

test("each document is asked for as clients do: with and without an address, by POST and GET, and over http", async () => {
  const domain = sampleDomain();
  const findings = await checkDocuments(domain, plannedWorld(domain, options));
  expect(findings.map(({ status, code, subject }) => [status, code, subject])).toEqual([
    [
      "pass",
      "autoconfig-document",
      "GET https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=postmaster%40example.com",
    ],
    ["pass", "autoconfig-document", "GET https://autoconfig.example.com/mail/config-v1.1.xml"],
    ["pass", "autodiscover-document", "POST https://autodiscover.example.com/autodiscover/autodiscover.xml"],
    ["pass", "autodiscover-document", "GET https://autodiscover.example.com/autodiscover/autodiscover.xml"],
    ["pass", "http-redirect", "GET http://autodiscover.example.com/autodiscover/autodiscover.xml"],
  ]);
  expect(findings[2]?.observed).toBe(
    "imap mail.example.com:993 implicit postmaster@example.com, " +
      "submission mail.example.com:465 implicit postmaster@example.com",
  );
});

test.each([
  ["POP3 and the local part as user name", sampleDomain({ username: "localPart", mailServer: { pop3: {} } })],
  ["STARTTLS", sampleDomain({ mailServer: { imap: { tls: "starttls" }, submission: { tls: "starttls" } } })],
  ["an internationalized domain", sampleDomain({ domain: "bücher.example" })],
  ["POP3 only", sampleDomain({ mailServer: { imap: false, pop3: {} } })],
])("documents of a domain with %s pass", async (_, domain) => {
  expect(await statuses(domain)).toEqual(["pass", "pass", "pass", "pass", "pass"]);
});

test("a document that announces another port fails with both", async () => {
  const old = serverSettings(sampleDomain({ mailServer: { imap: { port: 1993 } } }));
  expect(await autoconfigWith(answered(200, XML, renderAutoconfigXml(old)))).toMatchObject({
    status: "fail",
    expected: expect.stringContaining("imap mail.example.com:993 implicit %EMAILADDRESS%"),
    observed: expect.stringContaining("imap mail.example.com:1993 implicit %EMAILADDRESS%"),
    remedy: "Wait a minute for the edge's cache, then deploy again.",
  });
});

test.each<[string, WorldResponse, string]>([
  [
    "a host that does not answer",
    { state: "failed", kind: "refused", reason: "connection refused", ms: 1 },
    "connection refused",
  ],
  [
    "an untrusted certificate",
    answered(200, XML, "", "self-signed certificate"),
    "certificate not trusted: self-signed certificate",
  ],
  ["a status other than 200", answered(404, XML), "HTTP 404"],
  [
    "HTML with status 200",
    answered(200, { "content-type": "text/html" }, "<html></html>"),
    "content type text/html",
  ],
  ["no content type", answered(200), "content type none"],
  ["XML that no client accepts", answered(200, XML, "<clientConfig/>"), "a document that clients refuse"],
])("%s is a failure with a remedy", async (_, response, observed) => {
  const finding = await autoconfigWith(response);
  expect(finding).toMatchObject({ status: "fail", observed, remedy: expect.stringMatching(/^[A-Z].*\.$/) });
});

test("a document that K-9 would refuse for a plain endpoint is a failure, opted in or not", async () => {
  const domain = sampleDomain({ mailServer: { imap: { tls: "plain" }, allowPlaintext: true } });
  expect(await statuses(domain)).toEqual(["fail", "fail", "pass", "pass", "pass"]);
});

test.each<[string, WorldResponse, string]>([
  ["301 to the https URL", redirect(301), "pass"],
  ["302 to the https URL", redirect(302), "pass"],
  ["308, which Outlook does not follow", redirect(308), "fail"],
  ["a redirect that stays on http", redirect(302, "/autodiscover/autodiscover.xml"), "fail"],
  ["a redirect to the home page", redirect(301, "https://www.example.com/"), "fail"],
  ["a redirect to nowhere", answered(302), "fail"],
  ["the document itself", answered(200, XML), "fail"],
  ["a closed port 80", { state: "failed", kind: "refused", reason: "connection refused", ms: 1 }, "warn"],
])("over plain HTTP, %s", async (_, response, status) => {
  const found = await statuses(sampleDomain(), {
    request: ({ url }) => (url.startsWith("http:") ? response : undefined),
  });
  expect(found).toEqual(["pass", "pass", "pass", "pass", status]);
});

function redirect(
  status: number,
  location = "https://autodiscover.example.com/autodiscover/autodiscover.xml",
): WorldResponse {
  return answered(status, { location });
}
