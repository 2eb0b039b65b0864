import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { parseProvidedCertificate } from "../../../src/certificates/provided/provided-certificate.ts";
import type { MailAutodiscoverError } from "../../../src/errors.ts";
import {
  DAY_MS,
  makeAuthority,
  makeCertificate,
  makeKeys,
  type Authority,
  type Made,
} from "../make-chain.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const HOSTS = ["mail.example.com", "example.com"];
const at = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

let ca: Authority;
let leaf: Made;

beforeAll(async () => {
  ca = await makeAuthority(NOW);
  leaf = await ca.issue();
});

/** The message and remedy of the refusal; the test fails where the bundle is taken or any line of it shows. */
function refusal(
  texts: readonly string[],
  hosts: readonly string[] = HOSTS,
  roots: readonly string[] = [ca.root.pem],
): string {
  const error = thrownBy(() => parseProvidedCertificate(texts.join(""), { hosts, now: NOW, roots }));
  expect(error).toMatchObject({
    name: "MailAutodiscoverError",
    code: "certificate-mismatch",
  });
  expect(error).not.toHaveProperty("cause");
  const { message, remedy, stack } = error as MailAutodiscoverError;
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => /^[\w+/=]{9,}$/u.test(line));
  expect(lines.filter((line) => `${message}${remedy}${stack}`.includes(line))).toEqual([]);
  return `${message}\n${remedy}`;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a bought certificate is refused with the reason and the remedy", () => {
  test("without a key, which is then all that is said", () => {
    const text = refusal([leaf.pem, ca.intermediate.pem, ca.root.pem]);
    expect(text).toMatch(/:\n {2}- it holds no private key\. Put the PEM block [^\n]+\nSet the secret anew/u);
  });

  test("without a key, with what is wrong with the server's certificate and not with its issuers'", () => {
    expect(refusal([leaf.pem, ca.intermediate.pem, ca.root.pem], ["mail.example.net"])).toMatch(
      /no private key[\s\S]+does not cover mail\.example\.net but \*\.example\.com/u,
    );
  });

  test.each([
    ["PKCS#8", { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" }],
    ["SEC1", { type: "sec1", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" }],
  ] as const)("with an encrypted key in %s", (_form, options) => {
    const encrypted = createPrivateKey(leaf.keyPem).export(options).toString();
    expect(refusal([encrypted, leaf.pem, ca.intermediate.pem])).toMatch(
      /its private key is encrypted\. Decrypt it with `openssl pkey/u,
    );
  });

  test("with a key that cannot be read, of which nothing shows", () => {
    const broken = leaf.keyPem.replace(/\n.{20}/u, "\nAAAAAAAAAAAAAAAAAAAA");
    expect(refusal([broken, leaf.pem, ca.intermediate.pem])).toContain("its private key cannot be read");
  });

  test("with the key of another certificate", async () => {
    const other = await ca.issue();
    expect(refusal([other.keyPem, leaf.pem, ca.intermediate.pem])).toMatch(
      /its private key is not that of "mail\.example\.com" but of another certificate/u,
    );
  });

  test("with two keys, of which it is anyone's guess", async () => {
    const other = await ca.issue();
    expect(refusal([other.keyPem, leaf.keyPem, leaf.pem, ca.intermediate.pem])).toContain(
      "2 different private keys",
    );
  });

  test("without a certificate, or with one that is cut", () => {
    expect(refusal([leaf.keyPem])).toContain("it holds no certificate");
    expect(refusal([])).toMatch(/no certificate[\s\S]+no private key/u);
    const cut = leaf.pem.replace(/\n[^\n]+\n[^\n]+\n-----END/u, "\n-----END");
    expect(refusal([leaf.keyPem, cut, ca.intermediate.pem])).toContain(
      "certificate 1 of the text cannot be parsed",
    );
    const wrapped = "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n";
    expect(refusal([leaf.keyPem, wrapped])).toContain("openssl pkcs7 -print_certs");
  });

  test("where it is self-signed, also if it is its own root", async () => {
    const years = { notBefore: at(-10), notAfter: at(300) };
    const own = await makeCertificate({ name: "mail.example.com", dnsNames: HOSTS, ...years });
    for (const roots of [[ca.root.pem], [own.pem]]) {
      expect(refusal([own.keyPem, own.pem], HOSTS, roots)).toMatch(
        /it is self-signed: mail programs refuse it.+Leave `certificate\.provided` out/u,
      );
    }
  });

  test("where an issuer is missing, with its name and the place to fetch it", async () => {
    const issuerUrl = "http://ca.example.net/issuing.crt";
    const told = await ca.issue({ issuerUrl });
    expect(refusal([told.keyPem, told.pem])).toMatch(
      /"mail\.example\.com" was issued by "Example Issuing CA", whose certificate is missing\. Fetch .+ from http:\/\/ca\.example\.net\/issuing\.crt/u,
    );
    expect(refusal([leaf.keyPem, leaf.pem, ca.root.pem])).toMatch(
      /"Example Issuing CA", whose certificate is missing\. Add .+ CA bundle/u,
    );
  });

  test("where the issuer that came has the right name and the wrong key", async () => {
    const other = await makeAuthority(NOW);
    expect(refusal([leaf.keyPem, leaf.pem, other.intermediate.pem])).toContain("its chain is incomplete");
  });

  test("where only the name of the issuer that came is right, and not its signature", async () => {
    const bare = await ca.issue({ hasKeyIds: false });
    const namesake = await makeCertificate({
      name: ca.intermediate.name,
      issuer: ca.root,
      notBefore: at(-1),
      notAfter: at(900),
    });
    expect(refusal([bare.keyPem, bare.pem, namesake.pem])).toContain("its chain is incomplete");
  });

  test("where its issuer is no CA but another server", async () => {
    const below = await ca.issue({ issuer: leaf });
    expect(refusal([below.keyPem, below.pem, leaf.pem, ca.intermediate.pem])).toContain(
      'issued by "mail.example.com", whose certificate is missing',
    );
  });

  test("where the root of a closed network is not known here", async () => {
    const other = await makeAuthority(NOW);
    const below = await other.issue();
    const bundle = [below.keyPem, below.pem, other.intermediate.pem];
    expect(refusal(bundle)).toMatch(/issued by "Example Root", whose .+ name the root .+ in `caFile`/u);
    expect(refusal([...bundle, other.root.pem])).toMatch(/"Example Root", which is not trusted here/u);
  });

  test("where it has expired or is not yet valid, and where an issuer has expired", async () => {
    const old = await ca.issue({ notBefore: at(-90), notAfter: at(-1) });
    expect(refusal([old.keyPem, old.pem, ca.intermediate.pem])).toContain(
      `"mail.example.com" expired on ${at(-1).toISOString()}`,
    );
    const early = await ca.issue({ notBefore: at(1) });
    expect(refusal([early.keyPem, early.pem, ca.intermediate.pem])).toMatch(/is not valid before.+Wait/u);
    const stale = await makeCertificate({
      name: "Old Issuing CA",
      issuer: ca.root,
      notBefore: at(-900),
      notAfter: at(-1),
    });
    const below = await ca.issue({ issuer: stale });
    expect(refusal([below.keyPem, below.pem, stale.pem])).toMatch(
      /"Old Issuing CA" expired on .+ Replace the chain/u,
    );
  });

  test("where a host is not covered, two labels below a wildcard included", () => {
    expect(
      refusal(
        [leaf.keyPem, leaf.pem, ca.intermediate.pem],
        ["imap.example.com", "imap.eu.example.com", "mail.example.net"],
      ),
    ).toMatch(
      /does not cover imap\.eu\.example\.com, mail\.example\.net but \*\.example\.com, example\.com/u,
    );
  });

  test("where it or an issuer is signed with SHA-1", async () => {
    const weak = await ca.issue({ hash: "SHA-1" });
    expect(refusal([weak.keyPem, weak.pem, ca.intermediate.pem])).toContain(
      '"mail.example.com" is signed with SHA-1',
    );
  });

  test("where its RSA key is short", async () => {
    const short = await ca.issue({ keys: await makeKeys(1024) });
    expect(refusal([short.keyPem, short.pem, ca.intermediate.pem])).toContain("an RSA key of 1024 bits");
  });

  test("where it is one for signing mail", async () => {
    const mail = await ca.issue({ usages: ["1.3.6.1.5.5.7.3.4"] });
    expect(refusal([mail.keyPem, mail.pem, ca.intermediate.pem])).toContain("is not meant for servers");
  });

  test("with all that is wrong at once", async () => {
    const bad = await ca.issue({
      notBefore: at(-90),
      notAfter: at(-1),
      hash: "SHA-1",
      dnsNames: ["example.net"],
    });
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const text = refusal([other.export({ type: "pkcs8", format: "pem" }).toString(), bad.pem]);
    expect(text).toMatch(/^The provided certificate for mail\.example\.com, example\.com cannot be used:/u);
    for (const part of ["another certificate", "incomplete", "expired on", "SHA-1", "does not cover"]) {
      expect(text).toContain(part);
    }
  });
});
