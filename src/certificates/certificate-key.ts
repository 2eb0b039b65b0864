import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { MailAutodiscoverError } from "../errors.ts";
import type { KeyType } from "../spec/mail-domain.ts";

const generate = promisify(generateKeyPair);

/**
 * Returns a new private key as PKCS#8 PEM, the only form that every reader of it takes. Let's Encrypt accepts these types and no other
 * (P-521 and Ed25519 are refused; docs/integration-guide, verified 2026-11-23). An account key is one of type `P-256`.
 */
export async function createCertificateKey(keyType: KeyType): Promise<string> {
  const { privateKey } = keyType.startsWith("P-")
    ? await generate("ec", { namedCurve: keyType })
    : await generate("rsa", { modulusLength: Number(keyType.slice("RSA-".length)) });
  return exportPkcs8(privateKey);
}

/** Returns the type of a PEM private key (PKCS#8, SEC1 or PKCS#1). @throws MailAutodiscoverError `invalid-config` */
export function readKeyType(privateKeyPem: string): KeyType {
  const key = readPrivateKey(privateKeyPem);
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "ec" && namedCurve === "prime256v1") return "P-256";
  if (key.asymmetricKeyType === "ec" && namedCurve === "secp384r1") return "P-384";
  if (key.asymmetricKeyType === "rsa") {
    if (modulusLength === 2048) return "RSA-2048";
    if (modulusLength === 3072) return "RSA-3072";
    if (modulusLength === 4096) return "RSA-4096";
  }
  const found = `${key.asymmetricKeyType ?? "unknown"} ${namedCurve ?? modulusLength ?? ""}`.trim();
  throw new MailAutodiscoverError("invalid-config", `CAs accept no key of type ${found}.`, {
    remedy: "Use a key of type P-256, P-384, RSA-2048, RSA-3072 or RSA-4096.",
  });
}

/** Returns a private key as PKCS#8 PEM, whatever form it came in. */
export function normaliseKey(privateKeyPem: string): string {
  return exportPkcs8(readPrivateKey(privateKeyPem));
}

/**
 * Returns the SHA-256 of the subject public key info, 64 hex digits in lower case: the data of a `3 1 1` TLSA record (RFC 6698 §2.1).
 * Takes a private key or a certificate, both as PEM.
 */
export function spkiSha256(pem: string): string {
  return createHash("sha256")
    .update(createPublicKey(pem).export({ type: "spki", format: "der" }))
    .digest("hex");
}

function exportPkcs8(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The cause is left out: OpenSSL's words are of no use, and nothing near a key belongs into a log.
    throw new MailAutodiscoverError("invalid-config", "The private key cannot be read.", {
      remedy: "Give an unencrypted private key as PEM (PKCS#8, SEC1 or PKCS#1).",
    });
  }
}
