import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { signCms } from "../../../src/certificates/cms/sign-cms.ts";
import { verifyCms, type VerifiedCms } from "../../../src/certificates/cms/verify-cms.ts";
import { DAY_MS, makeAuthority, makeCertificate, makeKeys, type Made } from "../make-chain.ts";

const NOW = new Date();
const folder = mkdtempSync(join(tmpdir(), "verify-cms-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const authority = await makeAuthority(NOW);
const content = new TextEncoder().encode("<plist/>\n");
const roots = [new X509Certificate(authority.root.pem)];

async function verify(bytes: Uint8Array): Promise<VerifiedCms | undefined> {
  return verifyCms(bytes, { roots, now: NOW });
}

async function sign(leaf: Made, chain: readonly Made[]): Promise<Uint8Array> {
  const fullChainPem = [leaf, ...chain].map(({ pem }) => pem).join("\n");
  return signCms(content, { fullChainPem, privateKeyPem: leaf.keyPem, signedAt: NOW });
}

test.each([
  ["ECDSA", undefined],
  ["RSA", 2048],
])("our own signature by %s holds, gives the content, the signer and its chain", async (_, bits) => {
  const leaf = await authority.issue({ keys: await makeKeys(bits) });
  const verified = await verify(await sign(leaf, [authority.intermediate]));
  expect(verified).toMatchObject({ isSignatureValid: true, chainEnd: "trusted" });
  expect(Buffer.from(verified?.content ?? []).equals(content)).toBe(true);
  expect(verified?.signer?.serialNumber).toBe(new X509Certificate(leaf.pem).serialNumber);
});

test("another content, another key, an incomplete chain, and a self-signed certificate are told apart", async () => {
  const leaf = await authority.issue();
  const signed = Buffer.from(await sign(leaf, [authority.intermediate]));
  signed[signed.indexOf("plist")] = 0x51;
  expect(await verify(signed)).toMatchObject({ isSignatureValid: false });
  const stranger = await authority.issue();
  const forged = await sign({ ...leaf, keyPem: stranger.keyPem }, [authority.intermediate]);
  expect(await verify(forged)).toMatchObject({ isSignatureValid: false });
  expect(await verify(await sign(leaf, []))).toMatchObject({
    isSignatureValid: true,
    chainEnd: "incomplete",
  });
  const life = { notBefore: new Date(NOW.getTime() - DAY_MS), notAfter: new Date(NOW.getTime() + DAY_MS) };
  const alone = await makeCertificate({ name: "alone", dnsNames: ["example.com"], ...life });
  expect(await verify(await sign(alone, []))).toMatchObject({
    isSignatureValid: true,
    chainEnd: "self-signed",
  });
});

test("what is no signed message is none: text, other DER, and nothing", async () => {
  for (const bytes of [content, Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x01), new Uint8Array()]) {
    expect(await verify(bytes)).toBeUndefined();
  }
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasOpenssl())(
  "a message that openssl signed is read, too: the way that other servers sign profiles",
  async () => {
    const leaf = await authority.issue({ keys: await makeKeys(2048) });
    const path = (name: string): string => join(folder, name);
    writeFileSync(path("content"), content);
    writeFileSync(path("cert.pem"), leaf.pem);
    writeFileSync(path("key.pem"), leaf.keyPem);
    writeFileSync(path("chain.pem"), authority.intermediate.pem);
    execFileSync("openssl", [
      "cms",
      "-sign",
      "-binary",
      "-nodetach",
      "-outform",
      "DER",
      "-signer",
      path("cert.pem"),
      "-inkey",
      path("key.pem"),
      "-certfile",
      path("chain.pem"),
      "-in",
      path("content"),
      "-out",
      path("signed"),
    ]);
    const verified = await verify(readFileSync(path("signed")));
    expect(verified).toMatchObject({ isSignatureValid: true, chainEnd: "trusted" });
    expect(Buffer.from(verified?.content ?? []).equals(content)).toBe(true);
  },
);
