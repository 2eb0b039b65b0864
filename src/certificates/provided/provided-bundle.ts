import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";

/** One reason why a provided certificate is not taken, and what to do about it. Neither ever holds key material. */
export interface ProvidedProblem {
  /** A clause that follows the certificate's name. */
  readonly reason: string;
  /** One imperative sentence. */
  readonly remedy: string;
}

/** What a text of PEM blocks holds, in no order that means anything. */
export interface ProvidedBundle {
  /** Each certificate once. */
  readonly certificates: readonly X509Certificate[];
  /** The one private key; undefined where there is none, or none that is usable. */
  readonly key: KeyObject | undefined;
  readonly problems: readonly ProvidedProblem[];
}

interface PemBlock {
  readonly label: string;
  readonly body: string;
}

/** RFC 7468 §2; what stands between the blocks (bag attributes, a person's notes) is no part of them. */
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/gu;

const CERTIFICATE_LABELS = ["CERTIFICATE", "X509 CERTIFICATE"];

/** `type` of `createPrivateKey` by PEM label: RFC 5958, RFC 8017, RFC 5915. */
const KEY_FORMATS = {
  "PRIVATE KEY": "pkcs8",
  "RSA PRIVATE KEY": "pkcs1",
  "EC PRIVATE KEY": "sec1",
} as const;

/** Returns the certificates and the private key of one text of PEM blocks, and what is wrong with it as a text. */
export function parseProvidedBundle(pemText: string): ProvidedBundle {
  const blocks = pemBlocks(pemText);
  const problems: ProvidedProblem[] = [];
  const certificates = certificatesOf(blocks, problems);
  return { certificates, key: keyOf(blocks, problems), problems };
}

/** Returns the certificates of a PEM text such as a file of trusted roots; what cannot be read is no root. */
export function parseCertificates(pemText: string): readonly X509Certificate[] {
  return certificatesOf(pemBlocks(pemText), []);
}

function certificatesOf(blocks: readonly PemBlock[], problems: ProvidedProblem[]): X509Certificate[] {
  const byFingerprint = new Map<string, X509Certificate>();
  const bodies = blocks.filter(({ label }) => CERTIFICATE_LABELS.includes(label)).map(({ body }) => body);
  for (const [index, body] of bodies.entries()) {
    try {
      const certificate = new X509Certificate(Buffer.from(body, "base64"));
      byFingerprint.set(certificate.fingerprint256, certificate);
    } catch {
      problems.push({
        reason: `certificate ${index + 1} of the text cannot be parsed`,
        remedy: "Copy the PEM block again, from its BEGIN line to its END line.",
      });
    }
  }
  if (bodies.length === 0) {
    problems.push(
      blocks.some(({ label }) => label === "PKCS7")
        ? {
            reason: "its certificates are wrapped in PKCS#7",
            remedy: "Unwrap them with `openssl pkcs7 -print_certs -in FILE`.",
          }
        : {
            reason: "it holds no certificate",
            remedy: "Put the certificate and those of its issuers into the secret as PEM blocks.",
          },
    );
  }
  return [...byFingerprint.values()];
}

function keyOf(blocks: readonly PemBlock[], problems: ProvidedProblem[]): KeyObject | undefined {
  const found = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"));
  if (found.length === 0) {
    problems.push({
      reason: "it holds no private key",
      remedy: "Put the PEM block of the private key beside the certificates.",
    });
  }
  const keys: KeyObject[] = [];
  for (const block of found) {
    if (isEncrypted(block)) {
      problems.push({
        reason: "its private key is encrypted",
        remedy: "Decrypt it with `openssl pkey -in FILE` and put the result into the secret.",
      });
      continue;
    }
    const key = readKey(block);
    if (key === undefined) {
      problems.push({
        reason: "its private key cannot be read",
        remedy: "Give the private key as PEM (PKCS#8, SEC1 or PKCS#1).",
      });
    } else if (!keys.some((each) => each.equals(key))) {
      keys.push(key);
    }
  }
  if (keys.length > 1) {
    problems.push({
      reason: `it holds ${keys.length} different private keys`,
      remedy: "Leave only the key of this certificate in the secret.",
    });
    return undefined;
  }
  return keys[0];
}

/** PKCS#8 says it in the label, the older forms in a header (RFC 1421 §4.6.1.1). */
function isEncrypted({ label, body }: PemBlock): boolean {
  return label.startsWith("ENCRYPTED") || /^\s*Proc-Type:.*ENCRYPTED/mu.test(body);
}

function readKey({ label, body }: PemBlock): KeyObject | undefined {
  const type = KEY_FORMATS[label as keyof typeof KEY_FORMATS];
  try {
    return createPrivateKey({ key: Buffer.from(body, "base64"), format: "der", type: type ?? "pkcs8" });
  } catch {
    // Not even the cause is kept: nothing near a key belongs into a log.
    return undefined;
  }
}

/** A secret that went through an environment variable often has `\n` written out. */
function pemBlocks(text: string): readonly PemBlock[] {
  const lines = text.replaceAll(/\\r|\\n/gu, "\n");
  return [...lines.matchAll(PEM_BLOCK)].map(([, label = "", body = ""]) => ({ label, body }));
}
