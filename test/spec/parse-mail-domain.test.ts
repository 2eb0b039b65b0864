import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import type { SpecIssue } from "../../src/spec/spec-issue.ts";
import { anyDomain, sampleDomain } from "./sample-domain.ts";

const minimal = { domain: "example.com", mailServer: { host: "mail.example.com" } };

function issuesOf(input: unknown): readonly SpecIssue[] {
  const result = parseMailDomain(input);
  return result.ok ? [] : result.issues;
}

function issueAt(input: unknown, path: string): SpecIssue | undefined {
  return issuesOf(input).find((issue) => issue.path === path);
}

test("the minimal file gives the documented defaults", () => {
  const host = "mail.example.com";
  expect(parseMailDomain(minimal)).toEqual({
    ok: true,
    aliases: [],
    domain: {
      domain: "example.com",
      displayName: "example.com",
      displayShortName: "example.com",
      mailServer: {
        host,
        addresses: [],
        imap: [{ host, port: 993, tls: "implicit" }],
        pop3: [],
        submission: [
          { host, port: 465, tls: "implicit" },
          { host, port: 587, tls: "starttls" },
        ],
        sieve: [],
      },
      username: "address",
      webmail: undefined,
      calDav: undefined,
      cardDav: undefined,
      jmap: undefined,
      help: undefined,
      languages: ["en"],
      oauth2: undefined,
      delivery: {
        mx: [],
        spf: undefined,
        dkim: [],
        dmarc: undefined,
        mtaSts: undefined,
        tlsRpt: [],
        caa: undefined,
      },
      guessNames: { labels: ["imap", "smtp"], isAsked: false },
      preset: {
        name: "none",
        title: "",
        discovery: {},
        autodiscoverSrv: undefined,
        answers: [],
        answersRemedy: undefined,
        spamTraining: undefined,
      },
      publish: { kind: "worker", srvTarget: undefined },
      certificate: {
        additionalNames: [],
        keyType: "P-256",
        profile: undefined,
        layout: "single",
        keyVersion: 0,
        preferredChain: undefined,
        delegatedNames: [],
        revokeOnDelete: false,
        renewalFailure: "warn",
        provided: undefined,
        deployTo: [],
      },
      adopt: [],
      replace: [],
      wildcard: { policy: "shadow", accept: [] },
    },
  });
});

test.each([
  ["imap", "implicit", 993],
  ["imap", "starttls", 143],
  ["imap", "plain", 143],
  ["pop3", "implicit", 995],
  ["pop3", "starttls", 110],
  ["pop3", "plain", 110],
  ["submission", "implicit", 465],
  ["submission", "starttls", 587],
  ["submission", "plain", 587],
] as const)("the default port of %s with %s TLS is %i", (protocol, tls, port) => {
  const domain = sampleDomain({ mailServer: { allowPlaintext: true, [protocol]: { tls } } });
  expect(domain.mailServer[protocol]).toEqual([{ host: "mail.example.com", port, tls }]);
});

test("every problem of a file comes at once, with path, value and remedy", () => {
  const issues = issuesOf({
    domain: "https://example.com/",
    usrname: "address",
    mailServer: {
      host: "mail_server.example.com",
      addresses: ["203.0.113.25", "203.0.113.256"],
      imap: [{ port: 70_000 }, { host: "imap", tls: "starttls" }],
      submission: { tls: "plain" },
    },
    publish: { srvTarget: "10.1" },
    certificate: { additionalNames: ["*.example.com", "*.*.example.com"], keyType: "DSA" },
  });
  expect(
    issues.map(({ path, value }) => [path, value]).toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  ).toEqual([
    ["certificate.additionalNames.1", '"*.example.com"'],
    ["certificate.keyType", '"DSA"'],
    ["domain", '"https://example.com/"'],
    ["mailServer.addresses.1", '"203.0.113.256"'],
    ["mailServer.host", '"mail_server.example.com"'],
    ["mailServer.imap.0.port", "70000"],
    ["mailServer.imap.1.host", '"imap"'],
    ["mailServer.submission.tls", '"plain"'],
    ["publish.srvTarget", '"10.1"'],
    ["usrname", '"address"'],
  ]);
  for (const issue of issues) expect(issue.remedy).toMatch(/^[A-Z].*\.$/);
});

test("missing keys are named, nested ones by their full path", () => {
  expect(issuesOf({}).map(({ path, message }) => [path, message])).toEqual([
    ["domain", "is missing"],
    ["mailServer", "is missing"],
  ]);
  expect(issuesOf({ domain: "example.com", mailServer: {} })).toMatchObject([
    { path: "mailServer.host", value: undefined, message: "is missing", remedy: "Add mailServer.host." },
  ]);
});

test.each([0, 65_536, -1, 25.5, "993"])("the port %j is refused", (port) => {
  const issue = issueAt(
    { ...minimal, mailServer: { host: "mail.example.com", imap: { port } } },
    "mailServer.imap.port",
  );
  expect(issue?.value).toBe(JSON.stringify(port));
});

test("plaintext is refused without the opt-in, and accepted with it", () => {
  const mailServer = { host: "mail.example.com", imap: [{ tls: "implicit" }, { tls: "plain" }] };
  expect(issueAt({ ...minimal, mailServer }, "mailServer.imap.1.tls")).toMatchObject({
    message: "would send passwords readable over the network",
    remedy: "Use implicit or starttls, or opt in with mailServer.allowPlaintext: true.",
  });
  expect(issuesOf({ ...minimal, mailServer: { ...mailServer, allowPlaintext: true } })).toEqual([]);
});

test("a domain without a mailbox protocol, or without submission, is refused", () => {
  const host = "mail.example.com";
  expect(issuesOf({ ...minimal, mailServer: { host, imap: false } })).toMatchObject([
    { path: "mailServer", message: "offers neither IMAP nor POP3" },
  ]);
  expect(issuesOf({ ...minimal, mailServer: { host, submission: false } })).toMatchObject([
    { path: "mailServer.submission", value: "false" },
  ]);
});

test("an endpoint that stands twice is refused: its records would share one logical name", () => {
  const imap = [{ port: 993 }, { host: "MAIL.example.com.", tls: "implicit" }];
  expect(issuesOf({ ...minimal, mailServer: { host: "mail.example.com", imap } })).toMatchObject([
    { path: "mailServer.imap", value: '"mail.example.com:993 implicit"' },
  ]);
});

test.each([
  ["mailServer.host", { mailServer: { host: "autoconfig.example.com" } }],
  [
    "mailServer.submission",
    { mailServer: { host: "mail.example.com", submission: { host: "autodiscover.example.com" } } },
  ],
  ["publish.srvTarget", { publish: { srvTarget: "autodiscover.example.com" } }],
  ["publish.origin", { publish: { origin: "autoconfig.example.com" } }],
  ["mx.0.host", { mx: [{ host: "mta-sts.example.com" }] }],
  ["calDav", { calDav: "https://ua-auto-config.example.com/" }],
  ["webmail", { webmail: "https://autoconfig.example.com/mail" }],
])("%s cannot be a name that the documents are published at", (path, input) => {
  expect(issuesOf({ ...minimal, ...input }).map((issue) => issue.path)).toEqual([path]);
});

test("ManageSieve is off by default, and at 4190 of the mail server where it is only switched on", () => {
  const sieveOf = (sieve: unknown): unknown => sampleDomain({ mailServer: { sieve } }).mailServer.sieve;
  expect(sieveOf(undefined)).toEqual([]);
  expect(sieveOf(false)).toEqual([]);
  expect(sieveOf(true)).toEqual([{ host: "mail.example.com", port: 4190, tls: "starttls" }]);
  expect(sieveOf({ host: "Sieve.example.com", port: 2000 })).toEqual([
    { host: "sieve.example.com", port: 2000, tls: "starttls" },
  ]);
});

test("a wildcard policy is a word, or a block with the names that may lose the wildcard", () => {
  expect(sampleDomain({ wildcard: "forbid" }).wildcard).toEqual({ policy: "forbid", accept: [] });
  expect(sampleDomain({ wildcard: { accept: ["Dept.Example.com."] } }).wildcard).toEqual({
    policy: "shadow",
    accept: ["dept.example.com"],
  });
  expect(issuesOf({ ...minimal, wildcard: { accept: ["dept", "*.example.com"] } })).toMatchObject([
    { path: "wildcard.accept.0" },
    { path: "wildcard.accept.1" },
  ]);
});

test("a file without a mail server is accepted where its preset gives one", () => {
  const result = parseMailDomain({ domain: "example.com", preset: "fastmail" });
  expect(result).toMatchObject({ ok: true, domain: { preset: { name: "fastmail" } } });
});

test("a preset that is not known is one problem, not two", () => {
  expect(issuesOf({ domain: "example.com", preset: "fastmial" }).map(({ path }) => path)).toEqual(["preset"]);
});

test("U-labels become A-labels in every name, and stay readable where people see them", () => {
  const domain = sampleDomain({
    domain: "Bücher.example",
    mailServer: { host: "Post.BÜCHER.example." },
    certificate: { additionalNames: ["*.bücher.example"] },
  });
  expect(domain.domain).toBe("xn--bcher-kva.example");
  expect(domain.displayName).toBe("Bücher.example");
  expect(domain.mailServer.imap[0]?.host).toBe("post.xn--bcher-kva.example");
  expect(domain.certificate.additionalNames).toEqual(["*.xn--bcher-kva.example"]);
});

test("addresses are kept once, in canonical form", () => {
  const addresses = ["2001:DB8:0:0:0:0:0:25", "2001:db8::25", "203.0.113.25", " 203.0.113.25 "];
  expect(sampleDomain({ mailServer: { addresses } }).mailServer.addresses).toEqual([
    "2001:db8::25",
    "203.0.113.25",
  ]);
});

test("no two endpoints of an accepted domain are the same", () => {
  fc.assert(
    fc.property(anyDomain, ({ mailServer }) => {
      for (const list of [mailServer.imap, mailServer.pop3, mailServer.submission]) {
        const places = list.map(({ host, port, tls }) => `${host}:${port} ${tls}`);
        expect(new Set(places).size).toBe(places.length);
      }
    }),
  );
});
