import { expect, test } from "vitest";
import type { WorldRequest, WorldResponse } from "../../../../src/clients/world/world.ts";
import { checkAutoconfig } from "../../../../src/doctor/checks/web/autoconfig.ts";
import { checkAutodiscover } from "../../../../src/doctor/checks/web/autodiscover.ts";
import { sampleDomain } from "../../../spec/sample-domain.ts";
import { everythingHtml } from "../../../clients/scenarios/documents.ts";
import { answered } from "../../planned-world.ts";
import {
  failedResponse,
  findingAbout,
  foreignSubject,
  HTML,
  plannedSubject,
  troublesOf,
  XML,
} from "../check-subject.ts";

const ZONE = ["example.com A 203.0.113.80", "*.example.com A 203.0.113.99"];
const POST = "POST https://autodiscover.example.com/autodiscover/autodiscover.xml";

/** What is said of the host behind a wildcard that answers every request with `response`. */
async function behindWildcard(
  response: WorldResponse,
): Promise<{ status: string; observed: string } | undefined> {
  const request = async ({ url }: WorldRequest): Promise<WorldResponse> =>
    new URL(url).hostname === "autodiscover.example.com" ? response : answered(404);
  const subject = foreignSubject({ zones: { "example.com": ZONE } }, { world: { request } });
  const finding = await findingAbout(checkAutodiscover, subject, POST);
  return finding === undefined ? undefined : { status: finding.status, observed: finding.observed ?? "" };
}

test.each<[string, WorldResponse, string, string]>([
  ["401, which gets the mailbox password", answered(401), "fail", "HTTP 401: asks for a password"],
  ["200 with a page", answered(200, HTML, "<html></html>"), "fail", "HTTP 200, content type text/html"],
  [
    "200 with a document of another kind",
    answered(200, XML, "<a/>"),
    "fail",
    "XML that is no answer of Autodiscover",
  ],
  ["204", answered(204), "fail", "HTTP 204, no document"],
  [
    "a redirect to a home page",
    answered(301, { location: "https://www.example.com/" }),
    "fail",
    "HTTP 301 to https://www.example.com/",
  ],
  [
    "a self-signed certificate",
    answered(404, {}, "", "DEPTH_ZERO_SELF_SIGNED_CERT"),
    "fail",
    "self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)",
  ],
  [
    "a certificate of another name",
    answered(200, XML, "", "ERR_TLS_CERT_ALTNAME_INVALID"),
    "fail",
    "certificate of another name (ERR_TLS_CERT_ALTNAME_INVALID)",
  ],
  [
    "an error of Cloudflare's edge: the record leads into another account",
    answered(403, { server: "cloudflare" }, "error code: 1014"),
    "warn",
    "HTTP 403, error 1014 of Cloudflare's edge: the record leads to a proxied name of another account",
  ],
  [
    "the same as a page",
    answered(409, { server: "cloudflare" }, '<h1><span>Error</span>\n<span class="code">1014</span></h1>'),
    "warn",
    "HTTP 409, error 1014 of Cloudflare's edge: the record leads to a proxied name of another account",
  ],
  [
    "the same as JSON, of another kind",
    answered(530, { server: "cloudflare" }, '{ "error_code": 1016, "error_name": "origin_dns_error" }'),
    "warn",
    "HTTP 530, error 1016 of Cloudflare's edge: the record leads to no address",
  ],
  [
    "an error of Cloudflare's edge: a mail server that is proxied",
    answered(521, { server: "cloudflare" }, "error code: 521"),
    "warn",
    "HTTP 521, error 521 of Cloudflare's edge: it does not reach the server behind it",
  ],
  ["404 of a site behind that edge", answered(404, { server: "cloudflare" }, "no"), "pass", "HTTP 404"],
  ["521 of somebody else", answered(521), "pass", "HTTP 521"],
  [
    "TLS 1.0 alone",
    { ...failedResponse("tls-failed"), tlsProtocol: "TLSv1" } as WorldResponse,
    "warn",
    "TLS 1.0 only; Thunderbird, Outlook and Apple refuse it",
  ],
  ["silence: a black hole", failedResponse("timeout", 5000), "unknown", "does not answer within 5.0 s"],
  [
    "a closed port, which costs nobody anything",
    failedResponse("refused"),
    "pass",
    "nothing listens on port 443",
  ],
  ["404, which is what a stranger should say", answered(404), "pass", "HTTP 404"],
  ["503: a server in trouble", answered(503), "warn", "HTTP 503"],
  ["403, as a filter for robots does", answered(403, HTML, "<html></html>"), "warn", "HTTP 403"],
  ["no TLS", failedResponse("tls-failed"), "warn", "no TLS: tls-failed here"],
  [
    "something that is not HTTP",
    failedResponse("protocol-error"),
    "warn",
    "answers otherwise than in HTTP: protocol-error here",
  ],
  ["too much", failedResponse("too-large"), "warn", "no document: too-large here"],
  [
    "a redirect to the same path elsewhere",
    answered(302, { location: "https://mail.example.net/autodiscover/autodiscover.xml" }),
    "pass",
    "HTTP 302 to https://mail.example.net/autodiscover/autodiscover.xml",
  ],
])("a host behind a wildcard that answers %s", async (_, response, status, observed) => {
  expect(await behindWildcard(response)).toEqual({ status, observed });
});

test("a document with the content type of another is to be served with its own", async () => {
  const response = answered(200, HTML, "<?xml version='1.0'?><Autodiscover xmlns='x'/>");
  const zone = ["autodiscover.example.com A 203.0.113.80"];
  const subject = foreignSubject(
    { zones: { "example.com": zone } },
    { world: { request: async () => response } },
  );
  expect((await findingAbout(checkAutodiscover, subject, POST))?.remedy).toMatch(
    / with its own content type: /,
  );
});

test("where a wildcard leads clients to a stranger, a record at the name ends it", async () => {
  const world = { request: async (): Promise<WorldResponse> => answered(401) };
  const subject = foreignSubject({ zones: { "example.com": ZONE } }, { world });
  expect(await findingAbout(checkAutodiscover, subject, POST)).toMatchObject({
    status: "fail",
    remedy:
      "Publish a TXT record at autodiscover.example.com: it ends the wildcard that leads clients there.",
  });
});

test("of an alias to somebody else, whose certificate has his own name, it is the alias that can be changed", async () => {
  const response = answered(200, XML, "", "ERR_TLS_CERT_ALTNAME_INVALID");
  const about = async (record: string): Promise<string | undefined> => {
    const subject = foreignSubject(
      { zones: { "example.com": [record] } },
      { world: { request: async () => response } },
    );
    return (await findingAbout(checkAutodiscover, subject, POST))?.remedy;
  };
  expect(await about("autodiscover.example.com CNAME autodiscover.example.net")).toBe(
    "Remove the alias of autodiscover.example.com to autodiscover.example.net, " +
      "or let autodiscover.example.net present a certificate that names autodiscover.example.com.",
  );
  expect(await about("autodiscover.example.com CNAME www.example.com")).toBe(
    "Present a certificate that names autodiscover.example.com.",
  );
});

test("a page for everything at autoconfig poisons the search, and at the apex it is worth a warning", async () => {
  const subject = foreignSubject({
    zones: { "example.com": ["*.example.com A 203.0.113.99", "example.com A 203.0.113.99"] },
    servers: { "203.0.113.99": { https: everythingHtml, http: everythingHtml } },
  });
  const query = "?emailaddress=postmaster%40example.com: HTTP 200, content type text/html";
  // Each once, though it is asked for with the address and without.
  expect(await troublesOf(checkAutoconfig, subject)).toEqual([
    `fail discovery-host GET https://autoconfig.example.com/mail/config-v1.1.xml${query}`,
    `warn discovery-host GET http://autoconfig.example.com/mail/config-v1.1.xml${query}`,
    `warn autoconfig-document GET https://example.com/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
    `warn autoconfig-document GET http://example.com/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
  ]);
});

test("the web site at the apex that asks for a password is a failure: Outlook goes there first", async () => {
  const request = ({ url }: WorldRequest): WorldResponse | undefined =>
    url.startsWith("https://example.com/autodiscover") ? answered(401) : undefined;
  expect(await troublesOf(checkAutodiscover, plannedSubject(sampleDomain(), { request }))).toEqual([
    "fail apex POST https://example.com/autodiscover/autodiscover.xml: HTTP 401: asks for a password",
  ]);
});

test("the web site at the apex may redirect, and its certificate is its own matter first", async () => {
  const apex = async (response: WorldResponse): Promise<readonly string[]> =>
    troublesOf(
      checkAutodiscover,
      plannedSubject(sampleDomain(), {
        request: ({ url }) => (url.startsWith("https://example.com/autodiscover") ? response : undefined),
      }),
    );
  expect(await apex(answered(301, { location: "https://www.example.com/" }))).toEqual([]);
  expect(await apex(answered(404, {}, "", "CERT_HAS_EXPIRED"))).toEqual([
    expect.stringMatching(/^warn apex POST .*: expired certificate/) as unknown,
  ]);
});

const MICROSOFT = [
  "autodiscover.example.com CNAME autodiscover.outlook.com",
  "example.com MX 0 example-com.mail.protection.outlook.com",
];

test("a mail provider's own discovery may ask for a password, and bears the provider's certificate", async () => {
  const request = async (): Promise<WorldResponse> => answered(401, {}, "", "ERR_TLS_CERT_ALTNAME_INVALID");
  const zones = { "example.com": MICROSOFT };
  const subject = foreignSubject({ zones }, { world: { request } });
  expect(await findingAbout(checkAutodiscover, subject, POST)).toMatchObject({
    status: "pass",
    observed: "HTTP 401 of the mail provider, certificate of the provider (ERR_TLS_CERT_ALTNAME_INVALID)",
  });
});

test("the same at the name of a provider that the domain has left is a failure", async () => {
  const request = async (): Promise<WorldResponse> => answered(401);
  const zones = { "example.com": [MICROSOFT[0] ?? "", "example.com MX 0 mail.example.com"] };
  const subject = foreignSubject({ zones }, { world: { request } });
  expect(await findingAbout(checkAutodiscover, subject, POST)).toMatchObject({ status: "fail" });
});
