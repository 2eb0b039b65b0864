import * as fc from "fast-check";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { spkiSha256 } from "../../../src/certificates/certificate-key.ts";
import {
  parseProvidedCertificate,
  type ProvidedCertificate,
} from "../../../src/certificates/provided/provided-certificate.ts";
import {
  DAY_MS,
  makeAuthority,
  makeCertificate,
  makeKeys,
  type Authority,
  type Made,
  type Making,
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

const parse = (
  texts: readonly string[],
  hosts: readonly string[] = HOSTS,
  roots: readonly string[] | undefined = [ca.root.pem],
): ProvidedCertificate => parseProvidedCertificate(texts.join(""), { hosts, now: NOW, roots });

describe("a bought certificate", () => {
  test("gives what is deployed: leaf first, its issuers, no root, the key as PKCS#8", () => {
    const found = parse([ca.root.pem, leaf.keyPem, ca.intermediate.pem, leaf.pem]);
    const chain = found.fullChainPem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/gu) ?? [];
    expect(chain.map((pem) => new X509Certificate(pem).subject)).toEqual([
      "CN=mail.example.com",
      "CN=Example Issuing CA",
    ]);
    expect(found).toEqual({
      fullChainPem: chain.join(""),
      certificatePem: chain[0],
      privateKeyPem: leaf.keyPem,
      notBefore: at(-10).toISOString(),
      notAfter: at(80).toISOString(),
      serial: new X509Certificate(leaf.pem).serialNumber.toLowerCase(),
      issuer: "Example Issuing CA",
      spkiSha256: spkiSha256(leaf.keyPem),
      names: ["*.example.com", "example.com", "mail.example.com"],
      renewBefore: at(65).toISOString(),
    });
  });

  test("parses to the same bytes in any order, with repetitions, notes and strangers between", async () => {
    const stranger = await makeAuthority(NOW);
    const needed = [leaf.keyPem, leaf.pem, ca.intermediate.pem];
    const extra = [
      ca.root.pem,
      leaf.pem,
      stranger.intermediate.pem,
      (await stranger.issue({ notAfter: at(300) })).pem,
      "Bag Attributes\n    friendlyName: mail\n",
    ];
    const expected = parse(needed);
    const bundles = fc
      .subarray(extra)
      .chain((some) => fc.shuffledSubarray([...needed, ...some], { minLength: needed.length + some.length }));
    fc.assert(
      fc.property(bundles, (texts) => {
        expect(parse(texts)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test("parses to the same bytes however its lines end or are indented", () => {
    const text = [leaf.keyPem, leaf.pem, ca.intermediate.pem].join("");
    const expected = parse([text]);
    expect(parse([text.replaceAll("\n", "\r\n")])).toEqual(expected);
    expect(parse([text.replaceAll("\n", "\\n")])).toEqual(expected);
    expect(parse([text.replaceAll(/^/gmu, "    ")])).toEqual(expected);
    expect(parse([text.replaceAll(" CERTIFICATE-----", " X509 CERTIFICATE-----")])).toEqual(expected);
  });

  test("takes its key as SEC1 after its parameters, too", () => {
    const sec1 = createPrivateKey(leaf.keyPem).export({ type: "sec1", format: "pem" }).toString();
    const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    expect(parse([parameters, sec1, leaf.pem, ca.intermediate.pem]).privateKeyPem).toBe(leaf.keyPem);
  });

  test("takes its key as PKCS#1, too", async () => {
    const rsa = await ca.issue({ keys: await makeKeys(2048) });
    const pkcs1 = createPrivateKey(rsa.keyPem).export({ type: "pkcs1", format: "pem" }).toString();
    expect(parse([pkcs1, rsa.pem, ca.intermediate.pem]).privateKeyPem).toBe(rsa.keyPem);
  });

  test("takes the same key twice, in two forms", () => {
    const sec1 = createPrivateKey(leaf.keyPem).export({ type: "sec1", format: "pem" }).toString();
    expect(parse([sec1, leaf.keyPem, leaf.pem, ca.intermediate.pem]).privateKeyPem).toBe(leaf.keyPem);
  });

  test("is the one that fits and lasts longest where others of the same key came along", async () => {
    const { keys } = leaf;
    const others = await Promise.all([
      ...[10, 20, 30, 40].map((days) => ca.issue({ keys, notAfter: at(days) })),
      ca.issue({ keys, notAfter: at(300), dnsNames: ["example.net"] }),
      makeCertificate({ name: "x", dnsNames: HOSTS, keys, notBefore: at(-1), notAfter: at(900) }),
    ]);
    const texts = [...others.map(({ pem }) => pem), leaf.keyPem, leaf.pem, ca.intermediate.pem];
    expect(parse(texts).certificatePem).toBe(new X509Certificate(leaf.pem).toString());
    expect(parse(texts.toReversed())).toEqual(parse(texts));
  });

  test("may come straight from a root", async () => {
    const direct = await ca.issue({ issuer: ca.root });
    expect(parse([direct.keyPem, direct.pem]).fullChainPem).toBe(new X509Certificate(direct.pem).toString());
  });

  test("keeps the cross-signed root that older programs need, unless its signer is unknown or it has expired", async () => {
    const older = await makeCertificate({ name: "Older Root", notBefore: at(-3000), notAfter: at(900) });
    const cross: Making = {
      name: ca.root.name,
      keys: ca.root.keys,
      issuer: older,
      notBefore: at(-900),
      notAfter: at(800),
    };
    const signed = await makeCertificate(cross);
    const expired = await makeCertificate({ ...cross, notAfter: at(-1) });
    const length = (texts: readonly string[], roots: readonly string[]): number =>
      parse(texts, HOSTS, roots).fullChainPem.split("BEGIN").length - 1;
    const bundle = [leaf.keyPem, leaf.pem, ca.intermediate.pem];
    expect(length([...bundle, signed.pem], [ca.root.pem, older.pem])).toBe(3);
    expect(length([...bundle, signed.pem], [`${older.pem}${ca.root.pem}`])).toBe(3);
    expect(length([...bundle, signed.pem], [ca.root.pem])).toBe(2);
    expect(length([...bundle, signed.pem], [older.pem])).toBe(3);
    expect(length([...bundle, expired.pem], [ca.root.pem, older.pem])).toBe(2);
  });

  test("is held against Node's list of public roots where no others are given", async () => {
    const text = [leaf.keyPem, leaf.pem, ca.intermediate.pem, ca.root.pem].join("");
    expect(() => parseProvidedCertificate(text, { hosts: HOSTS, now: NOW })).toThrow(
      /root "Example Root", which is not trusted here/u,
    );
    vi.doMock("node:tls", () => ({ rootCertificates: [ca.root.pem] }));
    vi.resetModules();
    const listed = await import("../../../src/certificates/provided/provided-certificate.ts");
    expect(listed.parseProvidedCertificate(text, { hosts: HOSTS, now: NOW }).serial).toBe(
      parse([text]).serial,
    );
    vi.doUnmock("node:tls");
  });
});
