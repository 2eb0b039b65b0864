import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { WorldRequest, WorldResponse } from "../../../../src/clients/world/world.ts";
import { checkAutoconfig } from "../../../../src/doctor/checks/web/autoconfig.ts";
import { checkAutodiscover } from "../../../../src/doctor/checks/web/autodiscover.ts";
import { checkAutodiscoverVariants } from "../../../../src/doctor/checks/web/autodiscover-variants.ts";
import { checkAbsoluteForm } from "../../../../src/doctor/checks/web/absolute-form.ts";
import { checkDocumentsAgree } from "../../../../src/doctor/checks/web/documents-agree.ts";
import { checkMtaSts } from "../../../../src/doctor/checks/web/mta-sts.ts";
import { checkPacc } from "../../../../src/doctor/checks/web/pacc.ts";
import { checkWellKnown } from "../../../../src/doctor/checks/web/well-known.ts";
import { renderAutoconfigXml } from "../../../../src/documents/autoconfig-xml.ts";
import { renderMobileconfig } from "../../../../src/documents/mobileconfig.ts";
import { renderPacc } from "../../../../src/documents/pacc.ts";
import type { MemoryHandler } from "../../../clients/memory-world.ts";
import { AUTOCONFIG, POX } from "../../../clients/scenarios/documents.ts";
import { serverSettings } from "../../../documents/server-settings.ts";
import { sampleDomain } from "../../../spec/sample-domain.ts";
import { answered } from "../../planned-world.ts";
import { failedResponse, foreignSubject, plannedSubject, troublesOf, XML } from "../check-subject.ts";

const spec = sampleDomain();

/** Answers the requests whose URL contains `part` with `response`. */
function at(part: string, response: WorldResponse): (request: WorldRequest) => WorldResponse | undefined {
  return ({ url }) => (url.includes(part) ? response : undefined);
}

test("autoconfig is asked for at both URLs, over both schemes, with and without the address", async () => {
  const findings = await checkAutoconfig.run(plannedSubject(spec));
  expect(findings.map(({ status, subject }) => `${status} ${subject}`)).toEqual(
    ["autoconfig.example.com/mail", "example.com/.well-known/autoconfig/mail"].flatMap((path) =>
      [`https://${path}/config-v1.1.xml`, `http://${path}/config-v1.1.xml`].flatMap((url) => [
        `pass GET ${url}?emailaddress=postmaster%40example.com`,
        `pass GET ${url}`,
      ]),
    ),
  );
});

test("a document that announces another port than the spec is a failure, wherever it is served", async () => {
  const old = renderAutoconfigXml(serverSettings(sampleDomain({ mailServer: { imap: { port: 1993 } } })));
  const request = at("example.com/.well-known/autoconfig", answered(200, XML, old));
  const troubles = await troublesOf(checkAutoconfig, plannedSubject(spec, { request }));
  // Once for each scheme.
  expect(troubles).toHaveLength(2);
  expect(troubles[0]).toMatch(
    /^fail autoconfig-document GET https:\/\/example\.com.*mail\.example\.com:1993/,
  );
});

test("an empty element is a failure: clients take it for a value", async () => {
  const document = renderAutoconfigXml(serverSettings(spec)).replace(
    /<username>.*?<\/username>/,
    "<username></username>",
  );
  const request = at("//autoconfig.example.com/mail", answered(200, XML, document));
  const troubles = await troublesOf(checkAutoconfig, plannedSubject(spec, { request }));
  expect(troubles[0]).toContain("fail autoconfig-document");
  expect(troubles[0]).toContain("empty: username");
});

test("without a spec a document that only some clients read is a warning", async () => {
  const plain = AUTOCONFIG.replace("<socketType>SSL</socketType>", "<socketType>plain</socketType>");
  const subject = foreignSubject({
    zones: { "example.test": ["autoconfig.example.test A 203.0.113.80"] },
    servers: { "203.0.113.80": { https: () => ({ status: 200, type: "text/xml", body: plain }) } },
  });
  expect(await troublesOf(checkAutoconfig, subject)).toEqual([
    expect.stringMatching(
      /^warn autoconfig-document .*refused as a whole by Thunderbird for Android$/,
    ) as unknown,
  ]);
});

test("POX is asked for in three spellings and by GET, and Exchange's Encryption is read before SSL", async () => {
  const findings = await checkAutodiscover.run(plannedSubject(spec));
  expect(findings.map(({ status, subject }) => `${status} ${subject}`)).toEqual([
    "pass POST https://autodiscover.example.com/autodiscover/autodiscover.xml",
    "pass GET https://autodiscover.example.com/autodiscover/autodiscover.xml",
    "pass POST https://autodiscover.example.com/Autodiscover/Autodiscover.xml",
    "pass POST https://autodiscover.example.com/AutoDiscover/AutoDiscover.xml",
    "pass POST https://example.com/autodiscover/autodiscover.xml",
    "pass GET https://example.com/autodiscover/autodiscover.xml",
  ]);
  // TLS means STARTTLS: on 993 Outlook would wait for a greeting in the clear (stalwart#3248).
  const wrong = POX.replaceAll("box.example.test", "mail.example.com").replace(
    "<Encryption>SSL",
    "<Encryption>TLS",
  );
  const request = at("autodiscover.example.com/Auto", answered(200, XML, wrong));
  const troubles = await troublesOf(checkAutodiscover, plannedSubject(spec, { request }));
  expect(troubles).toHaveLength(2);
  expect(troubles[0]).toContain("imap mail.example.com:993 starttls");
});

test.each<[string, WorldResponse, string]>([
  ["301 to the https URL", redirect(301), "pass"],
  ["308, which Outlook does not follow", redirect(308), "fail"],
  ["the document itself", answered(200, XML), "fail"],
  ["a closed port 80", failedResponse("refused"), "warn"],
  ["silence", failedResponse("timeout"), "unknown"],
])("Outlook's step over plain HTTP: %s", async (_, response, status) => {
  const request = at("http://autodiscover.", response);
  const findings = await checkAutodiscoverVariants.run(plannedSubject(spec, { request }));
  expect(findings.map((finding) => `${finding.code} ${finding.status}`)).toEqual([
    `http-redirect ${status}`,
    "autodiscover-json pass",
    "autodiscover-json pass",
  ]);
});

function redirect(status: number): WorldResponse {
  return answered(status, { location: "https://autodiscover.example.com/autodiscover/autodiscover.xml" });
}

test("Autodiscover V2 has to name the place of POX", async () => {
  const json = { "content-type": "application/json" };
  const other = JSON.stringify({
    Protocol: "AutodiscoverV1",
    Url: "https://old.example.com/autodiscover/autodiscover.xml",
  });
  const request = at("autodiscover.json?", answered(200, json, other));
  expect(await troublesOf(checkAutodiscoverVariants, plannedSubject(spec, { request }))).toEqual([
    expect.stringMatching(/^fail autodiscover-json .*: https:\/\/old\.example\.com/) as unknown,
  ]);
});

test("documents that say two things are a failure that names both, with the one who says each", async () => {
  const subject = foreignSubject({
    zones: {
      "example.test": ["autoconfig.example.test A 203.0.113.80", "autodiscover.example.test A 203.0.113.81"],
    },
    servers: {
      "203.0.113.80": { https: () => ({ status: 200, type: "text/xml", body: AUTOCONFIG }) },
      "203.0.113.81": {
        https: () => ({ status: 200, type: "text/xml", body: POX.replace("<Port>993", "<Port>1993") }),
      },
    },
  });
  const query = "?emailaddress=postmaster%40example.test";
  expect(await troublesOf(checkDocumentsAgree, subject)).toEqual([
    "fail documents-agree imap server in all documents of example.test: " +
      `box.example.test:993 implicit (GET https://autoconfig.example.test/mail/config-v1.1.xml${query}); ` +
      "box.example.test:1993 implicit (POST https://autodiscover.example.test/autodiscover/autodiscover.xml)",
  ]);
});

test("without a spec PACC and the profile have to name one of the documents' servers", async () => {
  const look = async (host: string): Promise<readonly string[]> => {
    const domain = sampleDomain({ domain: "example.test", mailServer: { host, submission: [{}] } });
    const body = {
      "/mail/config-v1.1.xml": AUTOCONFIG,
      "/.well-known/user-agent-configuration.json": renderPacc(serverSettings(domain)),
      "/example.test.mobileconfig": renderMobileconfig(serverSettings(domain)),
    };
    const https: MemoryHandler = (_, path) => {
      const text = body[path as keyof typeof body];
      return text === undefined ? undefined : { status: 200, type: "text/xml", body: text };
    };
    const records = ["autoconfig", "ua-auto-config"].map((label) => `${label}.example.test A 203.0.113.80`);
    const subject = foreignSubject({
      zones: { "example.test": records },
      servers: { "203.0.113.80": { https } },
    });
    return troublesOf(checkDocumentsAgree, subject);
  };
  expect(await look("box.example.test")).toEqual([]);
  expect(await look("old.example.test")).toEqual(
    [
      "https://ua-auto-config.example.test/.well-known/user-agent-configuration.json",
      "https://autoconfig.example.test/example.test.mobileconfig",
    ].flatMap((url) => [
      `fail documents-agree imap server of GET ${url}: old.example.test:993 implicit`,
      `fail documents-agree submission server of GET ${url}: old.example.test:465 implicit`,
    ]),
  );
});

test("a domain without any document is worth a warning", async () => {
  const [trouble] = await troublesOf(checkDocumentsAgree, foreignSubject({ zones: { "example.com": [] } }));
  expect(trouble).toBe("warn documents-agree documents of example.com: none that clients could read");
});

test("where a place of documents could not be asked there may be one: nothing is to be published for that", async () => {
  const request = async (): Promise<WorldResponse> => failedResponse("timeout");
  const subject = foreignSubject({ zones: { "example.com": [] } }, { world: { request } });
  expect(await checkDocumentsAgree.run(subject)).toMatchObject([
    { status: "unknown", observed: "none in what could be looked at", remedy: "Look again later." },
  ]);
});

test("PACC: the digest is that of the bytes that are served, and one of several records is enough", async () => {
  const body = '{"authentication":{"password":true},"protocols":{"imap":{"host":"mail.example.com"}}}';
  const digest = createHash("sha256").update(body).digest("base64");
  const look = async (...texts: readonly string[]): Promise<readonly string[]> =>
    troublesOf(
      checkPacc,
      foreignSubject({
        zones: {
          "example.com": [
            "ua-auto-config.example.com A 203.0.113.80",
            ...texts.map((text) => `_ua-auto-config.example.com TXT ${text}`),
          ],
        },
        servers: { "203.0.113.80": { https: () => ({ status: 200, type: "application/json", body }) } },
      }),
    );
  const right = `v=UAAC1; a=sha256; d=${digest}`;
  const wrong = `v=UAAC1; a=sha256; d=${createHash("sha256").update("other").digest("base64")}`;
  expect(await look(right)).toEqual([]);
  expect(await look(wrong, right)).toEqual([]);
  expect(await look(wrong)).toEqual([`fail pacc-digest _ua-auto-config.example.com TXT: ${wrong}`]);
  expect(await look()).toEqual(["warn pacc-digest _ua-auto-config.example.com TXT: none"]);
});

test("PACC: a digest without its document is a failure, and a document that cannot be read is unknown", async () => {
  const look = async (response: WorldResponse): Promise<readonly string[]> =>
    troublesOf(checkPacc, plannedSubject(spec, { request: at("ua-auto-config", response) }));
  expect(await look(answered(404))).toEqual([
    "fail pacc-document GET https://ua-auto-config.example.com/.well-known/user-agent-configuration.json: HTTP 404",
    "fail pacc-digest _ua-auto-config.example.com TXT: a digest without its document",
  ]);
  expect(await look(failedResponse("timeout", 5000))).toEqual([
    "unknown pacc-document GET https://ua-auto-config.example.com/.well-known/user-agent-configuration.json: does not answer within 5.0 s",
    "unknown pacc-digest _ua-auto-config.example.com TXT: the document could not be read",
  ]);
});

const STS = "mta-sts.example.com A 203.0.113.80";
const POLICY = "version: STSv1\r\nmode: enforce\r\nmx: *.example.net\r\nmax_age: 604800\r\n";

/** What MTA-STS is worth with this policy and these further records. */
async function mtaSts(body: string, ...records: readonly string[]): Promise<readonly string[]> {
  const subject = foreignSubject({
    zones: { "example.com": [STS, "_mta-sts.example.com TXT v=STSv1; id=1;", ...records] },
    servers: { "203.0.113.80": { https: () => ({ status: 200, type: "text/plain", body }) } },
  });
  return troublesOf(checkMtaSts, subject);
}

test("an MTA-STS policy has to cover every exchanger, one label for a star", async () => {
  expect(await mtaSts(POLICY, "example.com MX 10 mx.example.net")).toEqual([]);
  expect(await mtaSts(POLICY, "example.com MX 10 a.b.example.net")).toEqual([
    "fail mta-sts GET https://mta-sts.example.com/.well-known/mta-sts.txt: " +
      "enforce, mx *.example.net, max_age 604800; without a.b.example.net",
  ]);
  const testing = POLICY.replace("enforce", "testing");
  expect((await mtaSts(testing, "example.com MX 10 mx.example.com"))[0]).toMatch(/^warn mta-sts/);
});

test("an MTA-STS policy that senders cannot read is a failure", async () => {
  for (const body of [
    POLICY.replace("version: STSv1\r\n", ""),
    POLICY.replace("enforce", "strict"),
    POLICY.replace("604800", "31557601"),
    POLICY.replace("max_age: 604800\r\n", ""),
  ]) {
    expect((await mtaSts(body))[0]).toMatch(/^fail mta-sts GET/);
  }
});

test("an MTA-STS policy is served without a redirect, and there is one record", async () => {
  const subject = foreignSubject({
    zones: { "example.com": [STS, "_mta-sts.example.com TXT v=STSv1; id=1;"] },
    servers: {
      "203.0.113.80": {
        https: () => ({
          status: 301,
          headers: { location: "https://www.example.com/.well-known/mta-sts.txt" },
        }),
      },
    },
  });
  expect((await troublesOf(checkMtaSts, subject))[0]).toMatch(/^fail mta-sts GET .*HTTP 301/);
  expect((await mtaSts(POLICY, "_mta-sts.example.com TXT v=STSv1; id=2;"))[0]).toMatch(
    /^warn mta-sts _mta-sts/,
  );
});

test("the well-known paths of the spec's services lead to them, or it is worth a warning", async () => {
  const dav = sampleDomain({ calDav: "https://dav.example.com/calendars/" });
  const look = async (response: WorldResponse): Promise<readonly string[]> =>
    troublesOf(checkWellKnown, plannedSubject(dav, { request: at("/.well-known/caldav", response) }));
  expect(await look(answered(301, { location: "https://dav.example.com/calendars/" }))).toEqual([]);
  const subject = "warn well-known GET https://example.com/.well-known/caldav";
  expect(await look(answered(404))).toEqual([`${subject}: HTTP 404`]);
  expect(await look(answered(301, { location: "https://www.example.com/" }))).toEqual([
    `${subject}: HTTP 301 to https://www.example.com/`,
  ]);
});

test("a server that knows paths alone is a warning: Delta Chat was seen to send the whole URL", async () => {
  const absolute = async (status: number): Promise<readonly string[]> => {
    const request = ({ isAbsolute }: WorldRequest): WorldResponse | undefined =>
      isAbsolute === true ? answered(status) : undefined;
    return troublesOf(checkAbsoluteForm, plannedSubject(sampleDomain(), { request }));
  };
  expect(await absolute(200)).toEqual([]);
  expect(await absolute(404)).toEqual([
    "warn autoconfig-document GET https://autoconfig.example.com/mail/config-v1.1.xml" +
      "?emailaddress=postmaster%40example.com in absolute form: HTTP 404",
  ]);
});

test("where there is no document nothing is asked for in another form", async () => {
  const asked: WorldRequest[] = [];
  const request = async (sent: WorldRequest): Promise<WorldResponse> => {
    asked.push(sent);
    return answered(404);
  };
  expect(
    await troublesOf(
      checkAbsoluteForm,
      foreignSubject({ zones: { "example.com": [] } }, { world: { request } }),
    ),
  ).toEqual([]);
  expect(asked.filter(({ isAbsolute }) => isAbsolute)).toEqual([]);
});
