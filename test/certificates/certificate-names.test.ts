import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  deriveCertificateNames,
  deriveCertificates,
  normaliseNames,
} from "../../src/certificates/certificate-names.ts";
import type { CertificateSpec, MailDomain } from "../../src/spec/mail-domain.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";

describe("normaliseNames", () => {
  test.each([
    ["keeps an apex beside its wildcard", ["example.com", "*.example.com"], ["*.example.com", "example.com"]],
    [
      "drops what the wildcard covers, one label deep",
      ["*.example.com", "mail.example.com", "mx1.eu.example.com"],
      ["*.example.com", "mx1.eu.example.com"],
    ],
    [
      "keeps a wildcard below a wildcard",
      ["*.example.com", "*.mail.example.com"],
      ["*.example.com", "*.mail.example.com"],
    ],
    [
      "writes lower case without a final dot",
      ["Example.COM.", "*.EXAMPLE.com."],
      ["*.example.com", "example.com"],
    ],
    [
      "writes A-labels",
      ["münchen.example", "*.münchen.example"],
      ["*.xn--mnchen-3ya.example", "xn--mnchen-3ya.example"],
    ],
    [
      "drops a covered name in any spelling",
      ["*.bücher.example", "Mail.xn--bcher-kva.example."],
      ["*.xn--bcher-kva.example"],
    ],
    ["sorts and names nothing twice", ["b.example", "a.example", "b.example"], ["a.example", "b.example"]],
  ])("%s", (_, names, expected) => {
    expect(normaliseNames(names)).toEqual(expected);
  });

  test.each([
    "localhost",
    "192.0.2.1",
    "a_b.example.com",
    "-a.example.com",
    "*",
    "*.com.",
    "a.*.example.com",
    "",
    "*.*.example.com",
  ])("refuses %j", (name) => {
    expect(() => normaliseNames([name])).toThrow(expect.objectContaining({ code: "invalid-spec" }));
  });

  const label = fc.constantFrom("a", "B", "mail", "mx1", "eu", "ü");
  const base = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join(".")}.example`);
  const name = fc
    .tuple(base, fc.boolean(), fc.boolean())
    .map(([host, wild, dot]) => `${wild ? "*." : ""}${host}${dot ? "." : ""}`);
  const names = fc.array(name, { maxLength: 12 });

  test("gives its own output back", () => {
    fc.assert(
      fc.property(names, (list) => {
        const once = normaliseNames(list);
        expect(normaliseNames(once)).toEqual(once);
      }),
    );
  });

  test("does not depend on order or repetition", () => {
    fc.assert(
      fc.property(names, (list) => {
        expect(normaliseNames([...list].reverse().concat(list))).toEqual(normaliseNames(list));
      }),
    );
  });

  test("leaves no name that boulder would call redundant", () => {
    fc.assert(
      fc.property(names, (list) => {
        const out = normaliseNames(list);
        for (const each of out.filter((one) => !one.startsWith("*."))) {
          expect(out).not.toContain(each.replace(/^[^.]+/u, "*"));
        }
      }),
    );
  });
});

describe("deriveCertificateNames", () => {
  test("covers the domain, its wildcard and the mail server with two names", () => {
    expect(deriveCertificateNames(mailDomain("mail.example.com"))).toEqual({
      names: ["*.example.com", "example.com"],
      omitted: [{ name: "mail.example.com", reason: "covered-by-wildcard" }],
    });
  });

  test("leaves out a mail server that no editable zone holds, and says so", () => {
    expect(deriveCertificateNames(mailDomain("mail.provider.test"))).toEqual({
      names: ["*.example.com", "example.com"],
      omitted: [{ name: "mail.provider.test", reason: "no-editable-zone" }],
    });
  });

  test("takes it where its zone is given", () => {
    const { names, omitted } = deriveCertificateNames(mailDomain("mail.provider.test"), {
      zones: ["provider.test", "example.com"],
    });
    expect(names).toEqual(["*.example.com", "example.com", "mail.provider.test"]);
    expect(omitted).toEqual([]);
  });

  test("takes the hosts of all services and the additional names, the deep ones too", () => {
    const { names } = deriveCertificateNames({
      ...mailDomain("mail.example.com"),
      mailServer: {
        ...mailDomain("mail.example.com").mailServer,
        pop3: [{ host: "pop.eu.example.com", port: 995, tls: "implicit" }],
      },
      certificate: { ...mailDomain("mail.example.com").certificate, additionalNames: ["a.b.example.com"] },
    });
    expect(names).toEqual(["*.example.com", "a.b.example.com", "example.com", "pop.eu.example.com"]);
  });

  test("does not take a name for one of a zone that only ends alike", () => {
    const { omitted } = deriveCertificateNames(mailDomain("mail.notexample.com"));
    expect(omitted).toEqual([{ name: "mail.notexample.com", reason: "no-editable-zone" }]);
  });

  test("takes the hosts of ManageSieve, which presents the same certificate", () => {
    const domain = mailDomain("mail.example.com");
    const sieve = [{ host: "sieve.eu.example.com", port: 4190, tls: "starttls" as const }];
    const { names } = deriveCertificateNames({ ...domain, mailServer: { ...domain.mailServer, sieve } });
    expect(names).toEqual(["*.example.com", "example.com", "sieve.eu.example.com"]);
  });
});

describe("deriveCertificates", () => {
  const zones = ["example.com"];

  test("gives the one certificate of all names in the layout single", () => {
    const domain = mailDomain("mail.example.com");
    expect(deriveCertificates(domain, { zones })).toEqual([
      { role: "single", ...deriveCertificateNames(domain, { zones }) },
    ]);
  });

  test("takes a name outside the zones that is delegated into one, and none below it", () => {
    const domain = withCertificate("mail.provider.test", {
      delegatedNames: ["mail.provider.test"],
      additionalNames: ["a.mail.provider.test"],
    });
    expect(deriveCertificates(domain, { zones })).toEqual([
      {
        role: "single",
        names: ["*.example.com", "example.com", "mail.provider.test"],
        omitted: [{ name: "a.mail.provider.test", reason: "no-editable-zone" }],
      },
    ]);
  });

  test.each([["partner.test"], ["*.partner.test"]])(
    "takes a delegation of %s for its wildcard and itself: both are challenged at one place",
    (delegated) => {
      const domain = withCertificate("mail.example.com", {
        delegatedNames: [delegated],
        additionalNames: ["*.partner.test", "partner.test"],
      });
      expect(deriveCertificates(domain, { zones })[0]?.names).toEqual([
        "*.example.com",
        "*.partner.test",
        "example.com",
        "partner.test",
      ]);
    },
  );

  test("asks for nothing that is only delegated", () => {
    const domain = withCertificate("mail.example.com", { delegatedNames: ["other.test"] });
    expect(deriveCertificates(domain, { zones })[0]?.names).toEqual(["*.example.com", "example.com"]);
  });

  test("separates the mail server's names, those that clients guess and the Sieve host among them, from the wildcard", () => {
    const domain = withCertificate("mail.example.com", { layout: "separate" });
    const { mailServer } = domain;
    const separate: MailDomain = {
      ...domain,
      mailServer: {
        ...mailServer,
        sieve: [{ host: "sieve.example.com", port: 4190, tls: "starttls" }],
        pop3: [{ host: "pop.eu.example.com", port: 995, tls: "implicit" }],
      },
      guessNames: { labels: ["smtp", "imap"], isAsked: true },
    };
    expect(deriveCertificates(separate, { zones })).toEqual([
      {
        role: "mail",
        names: [
          "imap.example.com",
          "mail.example.com",
          "pop.eu.example.com",
          "sieve.example.com",
          "smtp.example.com",
        ],
        omitted: [],
      },
      { role: "domain", names: ["*.example.com", "example.com"], omitted: [] },
    ]);
  });

  test("puts additional names on the domain's certificate, but those of the mail server's only there", () => {
    const domain = withCertificate("mail.eu.example.com", {
      layout: "separate",
      additionalNames: [
        "mail.eu.example.com",
        "shop.eu.example.com",
        "www.example.com",
        "*.mail.eu.example.com",
      ],
    });
    const [mail, other] = deriveCertificates(
      { ...domain, guessNames: { labels: [], isAsked: true } },
      { zones },
    );
    expect(mail?.names).toEqual(["mail.eu.example.com"]);
    expect(other?.names).toEqual([
      "*.example.com",
      "*.mail.eu.example.com",
      "example.com",
      "shop.eu.example.com",
    ]);
    expect(other?.omitted).toEqual([{ name: "www.example.com", reason: "covered-by-wildcard" }]);
  });

  test("leaves the mail server's certificate without names where no zone here holds them", () => {
    const domain = withCertificate("mail.provider.test", { layout: "separate" });
    const [mail] = deriveCertificates({ ...domain, guessNames: { labels: [], isAsked: false } }, { zones });
    expect(mail).toEqual({
      role: "mail",
      names: [],
      omitted: [{ name: "mail.provider.test", reason: "no-editable-zone" }],
    });
  });

  test("never puts a wildcard beside the mail server, whatever is asked for", () => {
    const label = fc.constantFrom("mail", "imap", "*.mail", "*", "*.eu", "mx.eu", "*.imap");
    const additional = fc.array(label.map((text) => `${text}.example.com`));
    const hosts = fc.constantFrom(
      "mail.example.com",
      "example.com",
      "mx.eu.example.com",
      "mail.provider.test",
    );
    fc.assert(
      fc.property(additional, hosts, (additionalNames, host) => {
        const domain = withCertificate(host, { layout: "separate", additionalNames });
        const [mail, other] = deriveCertificates(domain, { zones });
        expect(mail?.names.filter((name) => name.startsWith("*."))).toEqual([]);
        expect(other?.names).toContain("*.example.com");
        expect(normaliseNames(mail?.names ?? [])).toEqual(mail?.names);
      }),
    );
  });
});

function withCertificate(host: string, certificate: Partial<CertificateSpec>): MailDomain {
  const domain = mailDomain(host);
  return { ...domain, certificate: { ...domain.certificate, ...certificate } };
}

function mailDomain(host: string): MailDomain {
  const parsed = parseMailDomain({ domain: "example.com", mailServer: { host } });
  if (!parsed.ok) throw new Error("refused");
  return parsed.domain;
}
