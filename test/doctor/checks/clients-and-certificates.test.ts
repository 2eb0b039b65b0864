import { expect, test } from "vitest";
import type { Discovery } from "../../../src/clients/discovery.ts";
import type { WorldRequest, WorldResponse } from "../../../src/clients/world.ts";
import { checkClientTimes } from "../../../src/doctor/checks/client-times.ts";
import { checkPasswordRequests } from "../../../src/doctor/checks/password-requests.ts";
import { checkWebCertificates } from "../../../src/doctor/checks/web-certificates.ts";
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

test("a client that waits longer than one time-out is a warning that names the slowest step", async () => {
  const step = { what: "POX", answer: "timeout: silence", startMs: 0, effect: "passed" } as const;
  const discoveries = [
    discovery({ ms: 5000 }),
    discovery({
      client: "outlook",
      ms: 10_400,
      steps: [
        { ...step, target: "POST https://example.com/autodiscover/autodiscover.xml", ms: 400 },
        {
          ...step,
          target: "POST https://autodiscover.example.com/autodiscover/autodiscover.xml",
          ms: 10_000,
        },
      ],
    }),
  ];
  expect(await troublesOf(checkClientTimes, plannedSubject(spec, {}, { discoveries }))).toEqual([
    "warn client-time outlook: 10.4 s until configured; " +
      "POST https://autodiscover.example.com/autodiscover/autodiscover.xml took 10.0 s: timeout: silence",
  ]);
});

test("whoever gets the mailbox password in discovery is a failure that names the clients", async () => {
  const passwordSentTo = ["https://autodiscover.example.com"];
  const discoveries = [discovery({ passwordSentTo }), discovery({ client: "outlook", passwordSentTo })];
  expect(await troublesOf(checkPasswordRequests, plannedSubject(spec, {}, { discoveries }))).toEqual([
    "fail password-request https://autodiscover.example.com: sent by thunderbird, outlook",
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
  expect(await look(401)).toBe("fail password-request https://example.com: sent by evolution");
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
