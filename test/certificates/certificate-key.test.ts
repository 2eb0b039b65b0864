import { createHash, createPrivateKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  createCertificateKey,
  normaliseKey,
  readKeyType,
  spkiSha256,
} from "../../src/certificates/certificate-key.ts";
import { createCertificateRequest } from "../../src/certificates/order/certificate-request.ts";
import { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from "@peculiar/x509";

const keyTypes = ["P-256", "P-384", "RSA-2048", "RSA-3072"] as const;

describe.each(keyTypes)("a key of type %s", (keyType) => {
  test("is PKCS#8, knows its type, and signs a request with all names", async () => {
    const key = await createCertificateKey(keyType);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/u);
    expect(readKeyType(key)).toBe(keyType);

    const request = new Pkcs10CertificateRequest(
      await createCertificateRequest(["*.example.com", "example.com"], key),
    );
    expect(await request.verify()).toBe(true);
    const found = request.extensions.find((each) => each instanceof SubjectAlternativeNameExtension);
    const names = found?.names.items.map((each) => each.value);
    expect(names).toEqual(["*.example.com", "example.com"]);
    expect(request.subject).toBe("");
    expect(createHash("sha256").update(Buffer.from(request.publicKey.rawData)).digest("hex")).toBe(
      spkiSha256(key),
    );
  });
});

test("a SEC1 key becomes PKCS#8", () => {
  const sec1 = generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "sec1", format: "pem" })
    .toString();
  expect(createPrivateKey(normaliseKey(sec1)).equals(createPrivateKey(sec1))).toBe(true);
});

test("a key that no CA takes is refused by its type", () => {
  const p521 = generateKeyPairSync("ec", { namedCurve: "P-521" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  expect(() => readKeyType(p521)).toThrow(
    expect.objectContaining({ code: "invalid-config", message: "CAs accept no key of type ec secp521r1." }),
  );
});

test("an unreadable key is an error that shows nothing of it", () => {
  const error = { code: "invalid-config", message: "The private key cannot be read." };
  expect(() => normaliseKey("secret")).toThrow(expect.objectContaining(error));
  expect(() => normaliseKey("secret")).not.toThrow(
    expect.objectContaining({ cause: expect.anything() as unknown }),
  );
});
