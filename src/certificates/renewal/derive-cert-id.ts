import { AuthorityKeyIdentifierExtension, X509Certificate } from "@peculiar/x509";

/**
 * Returns the identifier of a certificate for ARI and `replaces` (RFC 9773 §4.1): the authority key identifier and the serial's DER
 * content bytes, base64url, joined by a dot. Undefined where the certificate bears no authority key identifier.
 */
export function deriveCertId(certificatePem: string): string | undefined {
  const certificate = new X509Certificate(certificatePem);
  const keyId = certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId;
  if (keyId === undefined) return undefined;
  const digits = certificate.serialNumber;
  const magnitude = Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, "hex");
  // A serial is a positive INTEGER: DER puts a zero octet before a set top bit, and it belongs to the identifier.
  const needsSign = (magnitude[0] ?? 0) >= 0x80;
  const serial = needsSign ? Buffer.concat([Buffer.of(0), magnitude]) : magnitude;
  return `${Buffer.from(keyId, "hex").toString("base64url")}.${serial.toString("base64url")}`;
}
