import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveCertificateNames, normaliseNames } from "../../src/certificates/certificate-names.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
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
});

function mailDomain(host: string): MailDomain {
  const parsed = parseMailDomain({ domain: "example.com", mailServer: { host } });
  if (!parsed.ok) throw new Error("refused");
  return parsed.domain;
}
