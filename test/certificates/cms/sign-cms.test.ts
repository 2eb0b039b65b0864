import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { signCms } from "../../../src/certificates/cms/sign-cms.ts";
import { DAY_MS, makeCertificate, makeKeys } from "../make-chain.ts";

const NOW = new Date();
const folder = mkdtempSync(join(tmpdir(), "sign-cms-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const life = {
  notBefore: new Date(NOW.getTime() - DAY_MS),
  notAfter: new Date(NOW.getTime() + 60 * DAY_MS),
};
const root = await makeCertificate({ name: "Test Root", ...life });
const intermediate = await makeCertificate({ name: "Test Intermediate", issuer: root, ...life });
const content = new TextEncoder().encode('<?xml version="1.0" encoding="UTF-8"?>\n<plist/>\n');

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
}
if (!hasOpenssl()) console.log("skipped: there is no openssl on the PATH to verify a signature with");

/** Returns what openssl takes out of a signed message; throws where it does not accept it. */
function verified(signed: Uint8Array): Buffer {
  const [message, roots] = [join(folder, "message.der"), join(folder, "roots.pem")];
  writeFileSync(message, signed);
  writeFileSync(roots, root.pem);
  return execFileSync(
    "openssl",
    ["cms", "-verify", "-purpose", "any", "-binary", "-inform", "DER", "-in", message, "-CAfile", roots],
    { stdio: ["ignore", "pipe", "pipe"], encoding: "buffer" },
  );
}

describe.skipIf(!hasOpenssl())("a signed profile", () => {
  test.each([
    ["an ECDSA key", undefined],
    ["an RSA key", 2048],
  ])("of %s is accepted by openssl, and holds the very bytes", async (_name, bits) => {
    const leaf = await makeCertificate({
      name: "example.com",
      dnsNames: ["example.com"],
      issuer: intermediate,
      keys: await makeKeys(bits),
      ...life,
    });
    const fullChainPem = `${leaf.pem}\n${intermediate.pem}`;
    const signed = await signCms(content, { fullChainPem, privateKeyPem: leaf.keyPem, signedAt: NOW });
    expect(verified(signed).equals(content)).toBe(true);
  });

  test("with one octet changed is refused", async () => {
    const leaf = await makeCertificate({ name: "a", dnsNames: ["example.com"], issuer: root, ...life });
    const signed = await signCms(content, {
      fullChainPem: leaf.pem,
      privateKeyPem: leaf.keyPem,
      signedAt: NOW,
    });
    const text = Buffer.from(signed);
    text[text.indexOf("plist")] = 0x51;
    expect(() => verified(text)).toThrow("Command failed");
  });

  test("holds no key", async () => {
    const leaf = await makeCertificate({ name: "b", dnsNames: ["example.com"], issuer: root, ...life });
    const signed = await signCms(content, {
      fullChainPem: leaf.pem,
      privateKeyPem: leaf.keyPem,
      signedAt: NOW,
    });
    const der = Buffer.from(leaf.keyPem.replaceAll(/-----[A-Z ]+-----|\s/g, ""), "base64");
    // The private number of an EC key (RFC 5915) starts 36 octets into its PKCS#8; the public one is in the certificate.
    expect(Buffer.from(signed).includes(der.subarray(36, 68))).toBe(false);
  });
});

test("a signature without a certificate is refused", async () => {
  const signing = signCms(content, { fullChainPem: "", privateKeyPem: root.keyPem, signedAt: NOW });
  await expect(signing).rejects.toMatchObject({ code: "certificate-mismatch" });
});
