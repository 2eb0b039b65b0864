/** The certificates of the sandbox's edge authority: ECDSA P-256, shaped as the Baseline Requirements ask of a public CA. */
import { X509Certificate as NodeCertificate, createPrivateKey, type webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate that signs, with its key. */
export interface Issuer {
  readonly certPem: string;
  readonly notAfter: Date;
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Cloudflare's Universal SSL leaves live 90 days (developers.cloudflare.com/ssl/reference/certificate-authorities). */
const LEAF_DAYS = 90;
/** Clocks of test machines drift; public CAs backdate by an hour for the same reason. */
const BACKDATE_MS = 60 * 60 * 1000;

export async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

export async function exportKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const key = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

export async function issueRoot(keys: webcrypto.CryptoKeyPair): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    ...validity(AUTHORITY_DAYS),
    name: "CN=Sandbox Edge Root, O=pulumi-mail-autodiscover",
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

export async function issueIntermediate(
  root: X509Certificate,
  rootKeys: webcrypto.CryptoKeyPair,
  keys: webcrypto.CryptoKeyPair,
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    ...validity(AUTHORITY_DAYS),
    subject: "CN=Sandbox Edge CA, O=pulumi-mail-autodiscover",
    issuer: root.subject,
    publicKey: keys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  return certificate.toString("pem");
}

/**
 * Returns the leaf as PEM. The names stand in the SAN; the subject repeats the first, if it is short enough for a CN.
 * It begins now and ends after 90 days; with `notAfter` it ends then, and began 90 days before.
 */
export async function issueLeaf(
  issuer: Issuer,
  keys: webcrypto.CryptoKeyPair,
  names: readonly string[],
  notAfter: Date = new Date(Date.now() + LEAF_DAYS * DAY_MS),
): Promise<string> {
  const commonName = names.find((name) => name.length <= COMMON_NAME_MAXIMUM);
  const certificate = await X509CertificateGenerator.create({
    notBefore: new Date(notAfter.getTime() - LEAF_DAYS * DAY_MS - BACKDATE_MS),
    notAfter,
    ...(commonName === undefined ? {} : { subject: [{ CN: [commonName] }] }),
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.key,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value }))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(await issuer.certificate.publicKey.export()),
    ],
  });
  return certificate.toString("pem");
}

/** X.520 ub-common-name: 64 characters. */
const COMMON_NAME_MAXIMUM = 64;

/** Reads a certificate and its key from one PEM text; throws where either is missing or they do not belong together. */
export async function loadIssuer(bundle: string): Promise<Issuer> {
  const parsed = new NodeCertificate(bundle);
  const privateKey = createPrivateKey(bundle);
  if (!parsed.checkPrivateKey(privateKey)) throw new Error("The key does not belong to the certificate.");
  const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" });
  const certificate = new X509Certificate(parsed.toString());
  return {
    certPem: certificate.toString("pem"),
    notAfter: certificate.notAfter,
    certificate,
    key: await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), ALGORITHM, false, ["sign"]),
  };
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - BACKDATE_MS), notAfter: new Date(now + days * DAY_MS) };
}
