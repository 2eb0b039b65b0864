import { expect, test } from "vitest";
import type { Discovery } from "../../../src/clients/ladder/discovery.ts";
import type { WorldRequest, WorldResponse } from "../../../src/clients/world/world.ts";
import { checkClientTimes } from "../../../src/doctor/checks/client-times.ts";
import { checkPasswordRequests } from "../../../src/doctor/checks/web/password-requests.ts";
import { checkWebCertificates } from "../../../src/doctor/checks/web/web-certificates.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { answered } from "../planned-world.ts";
import { DAY_MS, foreignSubject, NOW, plannedSubject, troublesOf } from "./check-subject.ts";

const spec = sampleDomain();

function discovery(changed: Partial<Discovery>): Discovery {
  return {
    client: "thunderbird",
    outcome: "configured",
    incoming: undefined,
    outgoing: undefined,
    username: undefined,
    source: undefined,
    steps: [],
    prompts: [],
    passwordSentTo: [],
    assumptions: [],
    ms: 100,
    ...changed,
  };
}

const silent = { what: "POX", answer: "timeout: silence", startMs: 0, effect: "passed" } as const;
const toApex = { ...silent, target: "POST https://example.com/autodiscover/autodiscover.xml" };
const toLabel = { ...silent, target: "POST https://autodiscover.example.com/autodiscover/autodiscover.xml" };

test("a place that makes clients wait longer than one time-out is one warning that names it and them", async () => {
  const steps = [
    { ...toApex, ms: 400 },
    { ...toLabel, ms: 10_000 },
  ];
  const get = { ...toLabel, target: "GET https://autodiscover.example.com/", ms: 5000 };
  const discoveries = [
    discovery({ ms: 5000 }),
    discovery({ client: "outlook", ms: 10_400, steps }),
    discovery({ client: "deltachat", outcome: "manual", ms: 5100, steps: [get] }),
  ];
  const findings = await checkClientTimes.run(plannedSubject(spec, {}, { discoveries }));
  expect(findings).toMatchObject([
    { status: "pass", subject: "thunderbird", observed: "5.0 s until configured" },
    {
      status: "warn",
      subject: "wait for https://autodiscover.example.com",
      observed: "10.0 s, timeout: silence; outlook 10.4 s until configured, deltachat 5.1 s until manual",
    },
  ]);
});

test("many clients that wait for one place are told as their number, and the longest wait", async () => {
  const names = ["kmail", "geary", "pacc", "apple"] as const;
  const discoveries = names.map((client, index) =>
    discovery({ client, ms: 6000 + index * 1000, steps: [{ ...toApex, ms: 6000 }] }),
  );
  expect(await troublesOf(checkClientTimes, plannedSubject(spec, {}, { discoveries }))).toEqual([
    "warn client-time wait for https://example.com: 6.0 s, timeout: silence; 4 clients, up to 9.0 s",
  ]);
});

test("of a client whose end is not known a short time says nothing, and a long one who kept it waiting", async () => {
  const discoveries = [
    discovery({ outcome: "unknown", ms: 100 }),
    discovery({ client: "kmail", outcome: "unknown", ms: 60_000, steps: [{ ...toApex, ms: 60_000 }] }),
  ];
  expect(await troublesOf(checkClientTimes, plannedSubject(spec, {}, { discoveries }))).toEqual([
    "unknown client-time wait for https://example.com: 60.0 s, timeout: silence; kmail 60.0 s until unknown",
  ]);
});

test("whoever gets the mailbox password in discovery is a failure that names the clients", async () => {
  const passwordSentTo = ["https://autodiscover.example.com"];
  const discoveries = [discovery({ passwordSentTo }), discovery({ client: "outlook", passwordSentTo })];
  expect(await troublesOf(checkPasswordRequests, plannedSubject(spec, {}, { discoveries }))).toEqual([
    "fail password-request https://autodiscover.example.com: gets the mailbox password from thunderbird, outlook",
  ]);
});

test("behind a wildcard it is a record of the name that ends it", async () => {
  const discoveries = [discovery({ passwordSentTo: ["https://autodiscover.example.com"] })];
  const zones = { "example.com": ["*.example.com A 203.0.113.99"] };
  expect((await checkPasswordRequests.run(foreignSubject({ zones }, { discoveries })))[0]?.remedy).toBe(
    "Publish a TXT record at autodiscover.example.com: it ends the wildcard that leads clients there.",
  );
});

test("at somebody else's host it is the way there that can be changed", async () => {
  const passwordSentTo = ["https://autodiscover-s.outlook.com", "https://www.example.com"];
  const findings = await checkPasswordRequests.run(
    plannedSubject(spec, {}, { discoveries: [discovery({ passwordSentTo })] }),
  );
  expect(findings.map(({ remedy }) => remedy).slice(0, 2)).toEqual([
    "Remove the record or redirect that leads clients to https://autodiscover-s.outlook.com, unless the mailboxes are there.",
    "Remove what answers at https://www.example.com with 401.",
  ]);
});

test("the domain's own web site that gets it unasked cannot help it; one that asks is a failure", async () => {
  const discoveries = [discovery({ client: "evolution", passwordSentTo: ["https://example.com"] })];
  const look = async (status: number): Promise<string | undefined> => {
    const request = ({ url }: WorldRequest): WorldResponse | undefined =>
      url.startsWith("https://example.com/autodiscover") ? answered(status) : undefined;
    return (await troublesOf(checkPasswordRequests, plannedSubject(spec, { request }, { discoveries })))[0];
  };
  expect(await look(404)).toBeUndefined();
  expect(await look(401)).toBe(
    "fail password-request https://example.com: gets the mailbox password from evolution",
  );
});

test("a challenge is a failure beside any status, and over plain HTTP a warning", async () => {
  const challenged = answered(404, { "www-authenticate": 'Basic realm="mail"' });
  const request = ({ url }: WorldRequest): WorldResponse | undefined =>
    url.endsWith("autoconfig.example.com/mail/config-v1.1.xml") ? challenged : undefined;
  expect(await troublesOf(checkPasswordRequests, plannedSubject(spec, { request }))).toEqual([
    "fail password-request GET https://autoconfig.example.com/mail/config-v1.1.xml: " +
      'HTTP 404, WWW-Authenticate: Basic realm="mail"',
    "warn password-request GET http://autoconfig.example.com/mail/config-v1.1.xml: " +
      'HTTP 404, WWW-Authenticate: Basic realm="mail"',
  ]);
});

test("a challenge beside any document that clients ask for is found", async () => {
  const challenged = answered(200, { "www-authenticate": "Basic" });
  const autodiscover = "https://autodiscover.example.com/autodiscover/autodiscover.json";
  for (const [place, times] of [
    [autodiscover, 2],
    ["https://autodiscover.example.com/AutoDiscover/AutoDiscover.xml", 1],
    ["https://ua-auto-config.example.com/.well-known/user-agent-configuration.json", 1],
    ["https://autoconfig.example.com/example.com.mobileconfig", 1],
  ] as const) {
    const request = ({ url }: WorldRequest): WorldResponse | undefined =>
      url.startsWith(place) ? challenged : undefined;
    const found = await troublesOf(checkPasswordRequests, plannedSubject(spec, { request }));
    expect(found).toHaveLength(times);
    expect(found[0]).toMatch(/^fail password-request .*: HTTP 200, WWW-Authenticate: Basic$/);
  }
});

/** What is said of the certificates where every host answers over `certificate`. */
async function webCertificates(response: WorldResponse): Promise<readonly string[]> {
  const subject = foreignSubject(
    { zones: { "example.com": [] } },
    { world: { request: async () => response } },
  );
  return troublesOf(checkWebCertificates, subject);
}

test("a certificate of each web host is judged once, by its trust and its days left", async () => {
  const certificate = { spkiSha256: "00", notAfter: new Date(NOW.getTime() + 5 * DAY_MS) };
  const hosts = [
    "autoconfig.example.com",
    "example.com",
    "autodiscover.example.com",
    "ua-auto-config.example.com",
    "mta-sts.example.com",
  ];
  const late = { ...answered(404), certificate } as WorldResponse;
  expect(await webCertificates(late)).toEqual(
    hosts.map((host) => `warn web-certificate certificate of ${host}: until 2026-12-04, 5 days left`),
  );
});

test("an untrusted certificate at a host of ours is named with whose it is", async () => {
  const wrong = {
    ...answered(404, {}, "", "ERR_TLS_CERT_ALTNAME_INVALID"),
    certificate: { spkiSha256: "00", notAfter: NOW, subjectAltNames: ["www.example.net"] },
  } as WorldResponse;
  const request = ({ url }: WorldRequest): WorldResponse | undefined =>
    url.startsWith("https://auto") ? wrong : undefined;
  const words = "certificate of another name (ERR_TLS_CERT_ALTNAME_INVALID): www.example.net";
  expect(await troublesOf(checkWebCertificates, plannedSubject(spec, { request }))).toEqual([
    `fail web-certificate certificate of autoconfig.example.com: ${words}`,
    `fail web-certificate certificate of autodiscover.example.com: ${words}`,
  ]);
});

test("a host that does not answer has no certificate to judge", async () => {
  expect(await webCertificates({ state: "failed", kind: "timeout", reason: "5 s", ms: 5000 })).toEqual([]);
});
