import { X509Certificate } from "node:crypto";
import { MailAutodiscoverError } from "../../errors.ts";
import { spkiSha256 } from "../certificate-key.ts";
import { deriveCertId } from "../renewal/derive-cert-id.ts";

/** What a PEM chain says of itself. */
export interface CertificateDetails {
  readonly certificatePem: string;
  /** The issuers' certificates; empty where the leaf came alone. */
  readonly chainPem: string;
  readonly fullChainPem: string;
  /** ISO 8601. Let's Encrypt dates it about an hour back. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Hexadecimal, lower case. */
  readonly serial: string;
  /** The issuer's common name, for a person; never pin it, intermediates rotate. */
  readonly issuer: string;
  readonly spkiSha256: string;
  /** The DNS names, sorted. */
  readonly names: readonly string[];
  /** RFC 9773 §4.1; undefined where the certificate has no authority key identifier. */
  readonly certId: string | undefined;
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/gu;

/** Reads a PEM chain, leaf first. @throws MailAutodiscoverError `certificate-mismatch` where it holds no certificate. */
export function readCertificate(pemChain: string): CertificateDetails {
  const [leafPem, ...issuers] = pemChain.match(PEM_CERTIFICATE) ?? [];
  if (leafPem === undefined) throw mismatch("What came holds no PEM certificate.");
  const leaf = parse(leafPem);
  return {
    certificatePem: `${leafPem}\n`,
    chainPem: issuers.map((pem) => `${pem}\n`).join(""),
    fullChainPem: [leafPem, ...issuers].map((pem) => `${pem}\n`).join(""),
    notBefore: leaf.validFromDate.toISOString(),
    notAfter: leaf.validToDate.toISOString(),
    serial: leaf.serialNumber.toLowerCase(),
    issuer: /^CN=(.+)$/mu.exec(leaf.issuer)?.[1] ?? leaf.issuer,
    spkiSha256: spkiSha256(leafPem),
    names: dnsNames(leaf.subjectAltName),
    certId: deriveCertId(leafPem),
  };
}

export interface CertificateExpectation {
  readonly privateKeyPem: string;
  /** Normalised names. */
  readonly names: readonly string[];
  readonly now: Date;
}

/**
 * Reads a chain and holds it against what was asked: the key, the names, the time, and that each certificate was signed by the next.
 * Nothing that the CA sent is kept before this says yes.
 *
 * @throws MailAutodiscoverError `certificate-mismatch`
 */
export function verifyIssuedCertificate(
  pemChain: string,
  expected: CertificateExpectation,
): CertificateDetails {
  const details = readCertificate(pemChain);
  if (details.spkiSha256 !== spkiSha256(expected.privateKeyPem)) {
    throw mismatch(`The certificate ${details.serial} is for another key.`);
  }
  if (details.names.join() !== expected.names.join()) {
    throw mismatch(
      `The certificate ${details.serial} names ${details.names.join(", ")} instead of ${expected.names.join(", ")}.`,
    );
  }
  if (Date.parse(details.notAfter) <= expected.now.getTime()) {
    throw mismatch(
      `The certificate ${details.serial} expired on ${details.notAfter} by this machine's clock.`,
    );
  }
  const chain = details.fullChainPem.match(PEM_CERTIFICATE)?.map(parse) ?? [];
  for (const [index, issuer] of chain.slice(1).entries()) {
    if (chain[index]?.verify(issuer.publicKey) !== true) {
      throw mismatch(`Certificate ${index + 1} of the chain was not signed by the one after it.`);
    }
  }
  return details;
}

/** `DNS:a, DNS:b`, as Node writes it; a host name needs none of its quoting. */
function dnsNames(subjectAltName: string | undefined): readonly string[] {
  return (subjectAltName ?? "")
    .split(", ")
    .filter((entry) => entry.startsWith("DNS:"))
    .map((entry) => entry.slice("DNS:".length).toLowerCase())
    .sort();
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw mismatch("What came holds a certificate that cannot be parsed.", cause);
  }
}

function mismatch(message: string, cause?: unknown): MailAutodiscoverError {
  return new MailAutodiscoverError("certificate-mismatch", message, {
    remedy: "Run the update again; if it stays, check the ACME directory's address and the machine's clock.",
    cause,
  });
}
