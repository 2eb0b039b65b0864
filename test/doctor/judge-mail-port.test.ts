import { expect, test } from "vitest";
import type { MailPortQuestion, MailPortView } from "../../src/clients/world/world.ts";
import { checkMailPortsOf } from "../../src/doctor/checks/mail/mail-ports.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import type { MailPortOptions } from "../../src/doctor/judge-mail-port.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { plannedSubject } from "./checks/check-subject.ts";

const OUR_KEY = "ab".repeat(32);
const LOGIN = { address: "alice@example.com", password: "correct horse" };
const good = {
  outcome: "answered",
  authorized: true,
  tlsProtocol: "TLSv1.3",
  certificate: { spkiSha256: OUR_KEY, notAfter: new Date("2027-02-21T00:00:00Z") },
  ms: 1,
} as const;

/** What the check of a domain's ports says of reach, key and login; its further findings are another test's. */
async function checkMailPorts(
  domain: MailDomain,
  options: MailPortOptions,
  probe: (question: MailPortQuestion) => Promise<MailPortView>,
): Promise<readonly Finding[]> {
  const findings = await checkMailPortsOf.run(plannedSubject(domain, { probe }, { options }));
  return findings.filter(({ code }) => code === "mail-port" || code === "mail-login");
}

async function check(
  view: MailPortView,
  options: MailPortOptions = {},
  domain = onePort(),
): Promise<readonly Finding[]> {
  return checkMailPorts(domain, options, async () => view);
}

/** A domain whose findings are about IMAP first. */
function onePort(): MailDomain {
  return sampleDomain({ mailServer: { submission: {} } });
}

test("every announced port is asked, preferred first, and a plain one never", async () => {
  const asked: MailPortQuestion[] = [];
  const mailServer = {
    pop3: {},
    allowPlaintext: true,
    imap: [{}, { tls: "starttls" }, { host: "old.example.com", tls: "plain" }],
  };
  const findings = await checkMailPorts(sampleDomain({ mailServer }), {}, async (question) => {
    asked.push(question);
    return good;
  });
  const host = "mail.example.com";
  expect(asked).toEqual([
    { protocol: "imap", host, port: 993, tls: "implicit" },
    { protocol: "imap", host, port: 143, tls: "starttls" },
    { protocol: "pop3", host, port: 995, tls: "implicit" },
    { protocol: "submission", host, port: 465, tls: "implicit" },
    { protocol: "submission", host, port: 587, tls: "starttls" },
  ]);
  expect(findings.map(({ status }) => status)).toEqual(["pass", "pass", "pass", "pass", "pass"]);
});

test("the issued key over a trusted certificate passes", async () => {
  expect(await check(good, { expectedKey: () => OUR_KEY })).toMatchObject([
    {
      code: "mail-port",
      status: "pass",
      subject: "imap mail.example.com:993 implicit",
      observed: "TLSv1.3, issued certificate, until 2027-02-21",
    },
    { status: "pass", subject: "submission mail.example.com:465 implicit" },
  ]);
});

test("another key fails, though its certificate is trusted", async () => {
  const [finding] = await check(good, { expectedKey: () => "cd".repeat(32) });
  expect(finding).toMatchObject({
    status: "fail",
    observed: `another key (${OUR_KEY.slice(0, 16)}...)`,
    remedy: "Reload the mail server: it presents an older certificate.",
  });
});

test("an untrusted certificate fails, even with the issued key, and no login is judged over it", async () => {
  const view = {
    ...good,
    authorized: false,
    authorizationError: "unable to verify the first certificate",
    loggedIn: true,
  };
  const findings = await check(view, { expectedKey: () => OUR_KEY, login: LOGIN });
  expect(findings.map(({ code }) => code)).toEqual(["mail-port", "mail-port"]);
  expect(findings[0]).toMatchObject({
    status: "fail",
    observed: "certificate not trusted: unable to verify the first certificate",
    remedy: "Deploy the issued certificate with its full chain.",
  });
});

test("where no certificate was issued here, what to do is what its fault needs", async () => {
  const view = { ...good, authorized: false, authorizationError: "ERR_TLS_CERT_ALTNAME_INVALID" };
  expect((await check(view))[0]).toMatchObject({
    status: "fail",
    expected: "a trusted certificate",
    observed: "certificate of another name (ERR_TLS_CERT_ALTNAME_INVALID)",
    remedy: "Present a certificate that names mail.example.com.",
  });
});

test.each([
  ["refused", "fail", "closed (198.51.100.1:993)"],
  ["tls-failed", "fail", "no TLS: 198.51.100.1:993"],
  ["starttls-refused", "fail", "refuses STARTTLS: 198.51.100.1:993"],
  ["protocol-error", "fail", "answers otherwise: 198.51.100.1:993"],
  ["absent", "fail", "mail.example.com has no address"],
  ["not-allowed", "fail", "198.51.100.1:993"],
  ["timeout", "unknown", "does not answer (198.51.100.1:993)"],
  ["unreachable", "unknown", "unreachable: 198.51.100.1:993"],
  ["unresolved", "unknown", "unresolved: 198.51.100.1:993"],
] as const)("the outcome `%s` is %s, with its detail and what to do", async (outcome, status, observed) => {
  const [finding] = await check({ outcome, detail: "198.51.100.1:993" });
  expect(finding).toMatchObject({ status, observed, remedy: expect.stringMatching(/^[A-Z].*\.$/) });
});

test.each([
  ["TLSv1", "TLS 1.0 only; Thunderbird, Outlook and Apple refuse it"],
  ["TLSv1.1", "TLS 1.1 only; Thunderbird, Outlook and Apple refuse it"],
])("a server with nothing newer than %s is named as such", async (tlsProtocol, observed) => {
  const [finding] = await check({ outcome: "tls-failed", detail: "alert number 70", tlsProtocol });
  expect(finding).toMatchObject({
    status: "fail",
    observed,
    remedy: "Offer TLS 1.2 and 1.3 on port 993 of mail.example.com.",
  });
});

test("a login is tried with the user name in the domain's form, and judged by itself", async () => {
  const names: (string | undefined)[] = [];
  for (const username of ["address", "localPart"]) {
    const domain = sampleDomain({ username, mailServer: { submission: {} } });
    const findings = await checkMailPorts(domain, { login: LOGIN }, async (question) => {
      names.push(question.login?.username);
      return { ...good, loggedIn: question.protocol === "imap" };
    });
    expect(findings.map(({ code, status }) => `${code} ${status}`)).toEqual([
      "mail-port pass",
      "mail-login pass",
      "mail-port pass",
      "mail-login fail",
    ]);
  }
  expect(names).toEqual(["alice@example.com", "alice@example.com", "alice", "alice"]);
});

test("no finding shows the password", async () => {
  for (const loggedIn of [true, false]) {
    const findings = await check({ ...good, loggedIn }, { login: LOGIN });
    expect(JSON.stringify(findings)).not.toContain(LOGIN.password);
  }
});
