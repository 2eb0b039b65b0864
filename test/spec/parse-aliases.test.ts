import { expect, test } from "vitest";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { parseDomainFiles } from "../../src/spec/parse-domain-files.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { renderSpecIssues } from "../../src/spec/spec-issue.ts";
import { issuesOf } from "./issues-of.ts";

const minimal = { domain: "example.com", mailServer: { host: "mail.example.com" } };

function aliasesOf(input: object): readonly MailDomain[] {
  const result = parseMailDomain({ ...minimal, ...input });
  if (!result.ok) throw new Error(renderSpecIssues(result.issues));
  return result.aliases;
}

function aliasOf(input: object): MailDomain {
  const [alias] = aliasesOf({ aliases: ["example.org"], ...input });
  if (alias === undefined) throw new Error("no alias");
  return alias;
}

test("an alias has the settings of its domain, display names included, and its own name", () => {
  const input = {
    ...minimal,
    displayName: "Example Mail",
    username: "localPart",
    mailServer: { ...minimal.mailServer, pop3: {}, sieve: true },
    calDav: "https://dav.example.com",
    mx: [{ host: "mail.example.com" }],
    spf: "v=spf1 mx -all",
    languages: ["de"],
    help: { url: "https://www.example.com/help", texts: { de: "Hilfe" } },
    publish: { srvTarget: "www.example.com" },
    wildcard: "forbid",
  };
  const main = parseMailDomain({ ...input, guessNames: [] });
  expect(main).toMatchObject({ ok: true });
  const domain = main.ok ? main.domain : undefined;
  expect(aliasOf(input)).toEqual({
    ...domain,
    domain: "example.org",
    aliasOf: "example.com",
    guessNames: { labels: [], isAsked: false },
  });
});

test("an alias is shown under the domain's name, not its own, where the file gives no display name", () => {
  expect(aliasOf({})).toMatchObject({ displayName: "example.com", displayShortName: "example.com" });
});

test("records in the way, names for guessing clients and names to certify stay the main domain's", () => {
  const alias = aliasOf({
    adopt: ["mail.example.com/A"],
    replace: ["autoconfig/CNAME"],
    guessNames: ["imap"],
    certificate: { additionalNames: ["www.example.com"] },
  });
  expect(alias).toMatchObject({
    adopt: [],
    replace: [],
    guessNames: { labels: [], isAsked: false },
    certificate: { additionalNames: [] },
  });
});

test("the certificate of an alias goes to a folder of its own: two of them never overwrite each other", () => {
  const deployTo = [{ directory: "/etc/mail/tls/" }, { directory: "/srv/tls", certificate: "domain" }];
  const { certificate } = aliasOf({ certificate: { deployTo, keyType: "RSA-2048" } });
  expect(certificate.keyType).toBe("RSA-2048");
  expect(certificate.deployTo).toEqual([
    { kind: "directory", path: "/etc/mail/tls/example.org", certificate: "mail" },
    { kind: "directory", path: "/srv/tls/example.org", certificate: "domain" },
  ]);
});

test("what a preset derives from the domain's name is derived from the alias's", () => {
  const fastmail = parseMailDomain({ domain: "example.com", preset: "fastmail", aliases: ["example.org"] });
  const [alias] = fastmail.ok ? fastmail.aliases : [];
  expect(alias?.delivery.dkim.map((key) => ("cname" in key ? key.cname : ""))).toContain(
    "fm1.example.org.dkim.fmhosted.com",
  );
});

test.each([
  ["not a name", ["com"], "aliases.0 is not a host name: it has a single label"],
  ["the domain itself", ["EXAMPLE.com."], "aliases.0 is the domain itself"],
  ["one twice", ["example.org", "Example.org"], "aliases.1 stands in the list twice"],
])("refused: %s", (_, aliases, message) => {
  expect(issuesOf({ aliases }).map((issue) => `${issue.path} ${issue.message}`)).toEqual([message]);
});

test("an alias whose documents would stand at a server's name is refused", () => {
  const mailServer = { host: "mta-sts.example.org" };
  expect(issuesOf({ mailServer, aliases: ["example.org"] })).toMatchObject([
    {
      path: "aliases.0",
      message: "cannot have the same settings: is a name that the documents are published at",
    },
  ]);
});

const text = (domain: string, aliases: string): string =>
  `domain: ${domain}\nmailServer: { host: mail.example.net }\naliases: [${aliases}]\n`;

test("the files of a program give one domain for each alias, sorted with the others", () => {
  const result = parseDomainFiles([
    { file: "1.yaml", text: text("example.org", "example.net, bücher.example") },
    { file: "2.yaml", text: text("example.com", "") },
  ]);
  expect(result.ok && result.domains.map(({ domain }) => domain)).toEqual([
    "example.com",
    "example.net",
    "example.org",
    "xn--bcher-kva.example",
  ]);
});

test("an alias that another file has, as its domain or its alias, is a problem of the later file", () => {
  const result = parseDomainFiles([
    { file: "1.yaml", text: text("example.com", "example.org") },
    { file: "2.yaml", text: text("example.org", "") },
    { file: "3.yaml", text: text("example.net", "a.example, example.com, example.org") },
  ]);
  expect(
    result.ok ? [] : result.issues.map((issue) => `${issue.file} ${issue.path} ${issue.message}`),
  ).toEqual([
    "2.yaml domain stands in 1.yaml already",
    "3.yaml aliases.1 stands in 1.yaml already",
    "3.yaml aliases.2 stands in 1.yaml already",
  ]);
});
