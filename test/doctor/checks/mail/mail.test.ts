import { describe, expect, test } from "vitest";
import type {
  MailPortQuestion,
  MailPortView,
  QueryType,
  Resolution,
} from "../../../../src/clients/world/world.ts";
import type { CheckSubject } from "../../../../src/doctor/checks/check.ts";
import { announcedEndpoints } from "../../../../src/doctor/checks/mail/announced-endpoints.ts";
import { checkMailPolicies } from "../../../../src/doctor/checks/mail/mail-policies.ts";
import { checkMailPortsOf } from "../../../../src/doctor/checks/mail/mail-ports.ts";
import { checkMx } from "../../../../src/doctor/checks/mail/mx.ts";
import { checkProxiedMailHosts } from "../../../../src/doctor/checks/mail/proxied-mail-hosts.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, serves } from "../../../clients/scenarios/documents.ts";
import { sampleDomain } from "../../../spec/sample-domain.ts";
import { answered } from "../../planned-world.ts";
import { DAY_MS, foreignSubject, GOOD_PORT, NOW, plannedSubject, troublesOf } from "../check-subject.ts";

/** IMAP alone, with implicit TLS, and what it and submission are seen to do. */
const spec = sampleDomain({ mailServer: { submission: [{}] } });

async function ports(
  view: MailPortView | ((asked: MailPortQuestion) => MailPortView),
  domain = spec,
): Promise<readonly string[]> {
  const probe = async (asked: MailPortQuestion): Promise<MailPortView> =>
    typeof view === "function" ? view(asked) : view;
  return troublesOf(checkMailPortsOf, plannedSubject(domain, { probe }));
}

describe("mail ports", () => {
  test("that are as announced are right", async () => {
    expect(await ports(GOOD_PORT)).toEqual([]);
  });

  test("that offer less than TLS 1.2 are a warning", async () => {
    expect((await ports({ ...GOOD_PORT, tlsProtocol: "TLSv1.1" }))[0]).toBe(
      "warn mail-tls imap mail.example.com:993 implicit: TLSv1.1",
    );
  });

  test.each([
    [60, 90, undefined],
    [13, 90, "warn"],
    [14, 45, undefined],
    [7, 45, "warn"],
    [20, 365, undefined],
    [2, 6, undefined],
    [-1, 90, "fail"],
  ])("with a certificate that has %i of %i days left", async (left, life, status) => {
    const notAfter = new Date(NOW.getTime() + left * DAY_MS);
    const notBefore = new Date(notAfter.getTime() - life * DAY_MS);
    const found = await ports({
      ...GOOD_PORT,
      certificate: { ...GOOD_PORT.certificate, notAfter, notBefore },
    });
    expect(found[0]?.split(" ")[0]).toBe(status);
  });

  test("with a self-signed certificate, an expired one, and an incomplete chain are named as such", async () => {
    const words = async (authorizationError: string): Promise<string | undefined> =>
      (await ports({ ...GOOD_PORT, authorized: false, authorizationError }))[0];
    expect(await words("DEPTH_ZERO_SELF_SIGNED_CERT")).toMatch(/^fail mail-port .*: self-signed certificate/);
    expect(await words("CERT_HAS_EXPIRED")).toMatch(/^fail mail-port .*: expired certificate/);
    expect(await words("UNABLE_TO_VERIFY_LEAF_SIGNATURE")).toMatch(/^fail mail-port .*: incomplete chain/);
    expect(await words("ERR_TLS_CERT_ALTNAME_INVALID")).toMatch(
      /^fail mail-port .*: certificate of another name/,
    );
  });

  test("that are blocked are told from those that are closed", async () => {
    const found = await ports(({ port }) =>
      port === 993 ? GOOD_PORT : { outcome: "timeout", detail: "5 s", ms: 5000 },
    );
    expect(found).toEqual([
      "unknown mail-port submission mail.example.com:465 implicit: " +
        "does not answer (5 s), though other ports of the host do",
    ]);
    expect((await ports({ outcome: "refused", detail: "203.0.113.25:993" }))[0]).toBe(
      "fail mail-port imap mail.example.com:993 implicit: closed (203.0.113.25:993)",
    );
  });

  test("that present another key than the one issued fail", async () => {
    const subject = plannedSubject(spec, {}, { options: { expectedKey: () => "ff".repeat(32) } });
    expect((await troublesOf(checkMailPortsOf, subject))[0]).toMatch(/^fail mail-port .*another key/);
  });

  test("without any way for a password inside TLS fail", async () => {
    const capabilities = ["IMAP4REV1", "AUTH=XOAUTH2", "LOGINDISABLED", "AUTH XOAUTH2"];
    expect(await ports({ ...GOOD_PORT, capabilities })).toEqual([
      "fail mail-capability imap mail.example.com:993 implicit login: AUTH=XOAUTH2, LOGINDISABLED, AUTH XOAUTH2",
      "fail mail-capability submission mail.example.com:465 implicit login: AUTH=XOAUTH2, LOGINDISABLED, AUTH XOAUTH2",
    ]);
  });

  test.each<[string, "imap" | "pop3" | "submission", readonly string[], string | undefined]>([
    ["IMAP with LOGINDISABLED and no AUTH", "imap", ["STARTTLS", "LOGINDISABLED"], undefined],
    ["IMAP without LOGINDISABLED", "imap", ["STARTTLS"], "LOGIN command"],
    ["IMAP with AUTH=PLAIN", "imap", ["STARTTLS", "LOGINDISABLED", "AUTH=PLAIN"], "SASL PLAIN"],
    ["POP3 with USER", "pop3", ["STLS", "USER"], "USER command"],
    ["POP3 that tells nothing", "pop3", [], undefined],
    ["submission without AUTH", "submission", ["STARTTLS", "PIPELINING"], undefined],
    ["submission with AUTH PLAIN LOGIN", "submission", ["AUTH PLAIN LOGIN"], "SASL PLAIN, SASL LOGIN"],
    ["submission with AUTH of challenges alone", "submission", ["AUTH SCRAM-SHA-256"], undefined],
  ])("before STARTTLS: %s", async (_, protocol, plainCapabilities, observed) => {
    const starttls = { tls: "starttls" };
    const domain = sampleDomain({
      mailServer: { imap: starttls, pop3: starttls, submission: [starttls] },
    });
    const found = await ports(
      (asked) => (asked.protocol === protocol ? { ...GOOD_PORT, plainCapabilities } : GOOD_PORT),
      domain,
    );
    expect(found.map((line) => line.split(": ")[1])).toEqual(observed === undefined ? [] : [observed]);
  });

  test("of a domain without a spec are those of its documents and SRV records, each once", async () => {
    const subject = foreignSubject({
      zones: {
        "example.test": [
          "autoconfig.example.test A 203.0.113.80",
          "_imaps._tcp.example.test SRV 0 1 993 box.example.test",
          "_submission._tcp.example.test SRV 0 1 587 box.example.test",
          "_pop3._tcp.example.test SRV 0 0 0 .",
        ],
      },
      servers: { "203.0.113.80": { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) } },
    });
    const endpoints = await announcedEndpoints(subject);
    expect(endpoints.map(({ protocol, host, port, tls }) => `${protocol} ${host}:${port} ${tls}`)).toEqual([
      "imap box.example.test:993 implicit",
      "pop3 box.example.test:995 implicit",
      "submission box.example.test:465 implicit",
      "submission box.example.test:587 starttls",
    ]);
  });
});

describe("ManageSieve", () => {
  const SRV = "_sieve._tcp.example.test SRV 0 1 4190 box.example.test";
  const sieveOf = async (subject: CheckSubject): Promise<readonly string[]> =>
    (await announcedEndpoints(subject)).flatMap(({ protocol, host, port, tls }) =>
      protocol === "sieve" ? [`${host}:${port} ${tls}`] : [],
    );
  const offering = sampleDomain({ mailServer: { sieve: true, submission: [{}] } });

  test("is looked at where the spec or an SRV record announces it, each place once", async () => {
    expect(await sieveOf(plannedSubject(offering))).toEqual(["mail.example.com:4190 starttls"]);
    expect(await sieveOf(plannedSubject(spec))).toEqual([]);
    expect(await sieveOf(foreignSubject({ zones: { "example.test": [SRV] } }))).toEqual([
      "box.example.test:4190 starttls",
    ]);
    const denied = "_sieve._tcp.example.test SRV 0 0 0 .";
    expect(await sieveOf(foreignSubject({ zones: { "example.test": [denied] } }))).toEqual([]);
    const elsewhere = (name: string, type: QueryType): Resolution | undefined =>
      name === "_sieve._tcp.example.com" && type === "SRV"
        ? { state: "found", data: ["0 1 4191 old.example.com"] }
        : undefined;
    expect(await sieveOf(plannedSubject(offering, { resolve: elsewhere }))).toEqual([
      "mail.example.com:4190 starttls",
      "old.example.com:4191 starttls",
    ]);
  });

  test.each<[string, Partial<typeof GOOD_PORT>, string | undefined]>([
    ["PLAIN inside TLS alone", { plainCapabilities: ["SASL", "STARTTLS"] }, undefined],
    ["a challenge before TLS", { plainCapabilities: ["SASL SCRAM-SHA-256", "STARTTLS"] }, undefined],
    ["PLAIN before TLS", { plainCapabilities: ["SASL PLAIN", "STARTTLS"] }, "warn mail-capability"],
    ["no way to log in", { capabilities: ["SASL", "SIEVE FILEINTO"] }, "fail mail-capability"],
    [
      "the key of a former certificate",
      { certificate: { ...GOOD_PORT.certificate, spkiSha256: "00" } },
      "fail mail-port",
    ],
    ["TLS 1.1", { tlsProtocol: "TLSv1.1" }, "warn mail-tls"],
  ])("with %s", async (_, view, trouble) => {
    const probe = async ({ protocol }: MailPortQuestion): Promise<MailPortView> =>
      protocol === "sieve" ? { ...GOOD_PORT, ...view } : GOOD_PORT;
    const options = { expectedKey: () => GOOD_PORT.certificate.spkiSha256 };
    const found = await troublesOf(checkMailPortsOf, plannedSubject(offering, { probe }, { options }));
    const about = " sieve mail.example.com:4190 starttls";
    expect(found.map((line) => line.slice(0, line.indexOf(about)))).toEqual(
      trouble === undefined ? [] : [trouble],
    );
  });
});

test("a mail host is behind a proxy where no mail port answers and Cloudflare's edge does", async () => {
  const edge = answered(404, { server: "cloudflare", "cf-ray": "8a" });
  const look = async (view: MailPortView, response = edge): Promise<readonly string[]> =>
    troublesOf(
      checkProxiedMailHosts,
      plannedSubject(spec, { probe: async () => view, request: () => response }),
    );
  const silence: MailPortView = { outcome: "timeout", detail: "5 s" };
  expect(await look(silence)).toEqual([
    "fail proxied-mail-host mail.example.com A/AAAA: Cloudflare's edge answers on port 80, and no mail port does",
  ]);
  expect(await look(GOOD_PORT)).toEqual([]);
  expect(await look(silence, answered(200, { server: "nginx" }))).toEqual([]);
  expect(await look({ outcome: "unresolved", detail: "SERVFAIL" })).toEqual([]);
});

describe("neighbours of mail discovery", () => {
  const look = async (...records: readonly string[]): Promise<readonly string[]> => {
    const subject = foreignSubject({ zones: { "example.test": records } });
    return [...(await troublesOf(checkMx, subject)), ...(await troublesOf(checkMailPolicies, subject))];
  };
  const MX = "example.test MX 10 mail.example.test";
  const RIGHT = [
    MX,
    "mail.example.test A 203.0.113.25",
    "example.test TXT v=spf1 mx -all",
    "_dmarc.example.test TXT v=DMARC1; p=reject",
  ];

  test("that are right say nothing", async () => {
    expect(await look(...RIGHT)).toEqual([]);
  });

  test("that are missing are warnings, never failures", async () => {
    expect(await look("example.test A 203.0.113.1")).toEqual([
      "warn mx example.test MX: none",
      "warn spf example.test TXT (SPF): none",
      "warn dmarc _dmarc.example.test TXT: none",
    ]);
  });

  test("an exchanger is no alias, has an address, and a domain without mail has no other", async () => {
    const mx = async (...records: readonly string[]): Promise<string | undefined> =>
      (await look(...records, ...RIGHT.slice(2)))[0];
    expect(await mx(MX, "mail.example.test CNAME box.example.test", "box.example.test A 203.0.113.25")).toBe(
      "warn mx example.test MX mail.example.test: a CNAME to box.example.test",
    );
    expect(await mx(MX)).toBe("warn mx example.test MX mail.example.test: no address");
    expect(await mx(MX, "example.test MX 0 .")).toMatch(/^warn mx example\.test MX: /);
    expect(await mx("example.test MX 0 .")).toBeUndefined();
  });

  test("two SPF records, or one that receivers refuse, are warnings", async () => {
    expect((await look(...RIGHT, "example.test TXT v=spf1 -all"))[0]).toMatch(/^warn spf .* \| /);
    const many = Array.from(
      { length: 11 },
      (_, index) => `include:${String.fromCodePoint(97 + index)}.example`,
    ).join(" ");
    const records = RIGHT.map((line) => line.replace("v=spf1 mx -all", `v=spf1 ${many} -all`));
    expect((await look(...records))[0]).toMatch(/^warn spf .*more than 10 DNS lookups/);
  });

  test("a tag that DMARC has no more, and a policy of the organisation's domain", async () => {
    const records = RIGHT.map((line) => line.replace("p=reject", "p=reject; pct=50"));
    expect((await look(...records))[0]).toMatch(/^warn dmarc .*RFC 9989 removed/);
    const below = foreignSubject({
      zones: { "dept.example.test": ["dept.example.test TXT v=spf1 -all"], "example.test": RIGHT },
    });
    expect(await troublesOf(checkMailPolicies, below)).toEqual([]);
  });

  test("reports about TLS are worth having where MTA-STS may make mail fail", async () => {
    expect(await look(...RIGHT, "_mta-sts.example.test TXT v=STSv1; id=1")).toEqual([
      "warn tls-rpt _smtp._tls.example.test TXT: none",
    ]);
  });

  test("a selector of the spec has a key that is not revoked", async () => {
    const domain = sampleDomain({ dkim: [{ selector: "a", cname: "a._domainkey.example.net" }] });
    const dkim = async (data: string): Promise<readonly string[]> => {
      const resolve = (name: string, type: QueryType): Resolution | undefined =>
        name === "a._domainkey.example.com" && type === "TXT" ? { state: "found", data: [data] } : undefined;
      const troubles = await troublesOf(checkMailPolicies, plannedSubject(domain, { resolve }));
      return troubles.filter((line) => line.includes(" dkim "));
    };
    expect(await dkim("v=DKIM1; k=rsa; p=MIIB")).toEqual([]);
    expect(await dkim("v=DKIM1; k=rsa; p=")).toEqual([
      "warn dkim a._domainkey.example.com TXT: v=DKIM1; k=rsa; p=: is revoked",
    ]);
    expect(await dkim("other")).toEqual(["warn dkim a._domainkey.example.com TXT: none"]);
  });
});
